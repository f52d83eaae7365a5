"""Takes out of a text what must not leave the house: e-mail addresses, phone numbers, card numbers, and one's own."""

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_PATTERNS, LONGEST_PATTERN = 20, 200
"""How many patterns an operator may add, and the characters of each."""


class Kind(StrEnum):
    """What can be recognised without being told how."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b")
_CARD = re.compile(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d]|[.,-]\d)")
_PHONE = re.compile(
    r"(?<![\w.+/=-])(?:\+|00)[1-9](?:[ ./()-]{0,3}\d){6,14}(?!\w)"
    r"|(?<![\w.+/=-])\(?0\d{1,5}\)?[ /-](?:[ ./-]?\d){5,11}(?!\w)"
    r"|(?<![\w.+/=-])\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"
)
_REPEATED_REPETITION = re.compile(r"[*+}]\??\)(?:[*+]|\{\d*,)")
_DIGITS = re.compile(r"\D")


class PatternInvalid(ValueError):
    """A pattern cannot be used; the message goes on after its name: "must be …"."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is taken out; the same text always becomes the same, so that the provider's prompt cache works."""

    kinds: frozenset[Kind] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.patterns)

    def __call__(self, text: str) -> str:
        """The text with `[redacted]`, `[e-mail]`, `[card]` or `[phone]` in place of what was found, in this order."""
        for pattern in self.patterns:
            text = pattern.sub("[redacted]", text)
        if Kind.EMAIL in self.kinds and "@" in text:
            text = _EMAIL.sub("[e-mail]", text)
        if Kind.CARD in self.kinds:
            text = _CARD.sub(lambda found: "[card]" if is_card(found[0]) else found[0], text)
        if Kind.PHONE in self.kinds:
            text = _PHONE.sub("[phone]", text)
        return text


def is_card(number: str) -> bool:
    """True for 13 to 19 digits, blanks and hyphens aside, whose last one is right by Luhn's rule (ISO/IEC 7812)."""
    digits = [int(digit) for digit in reversed(_DIGITS.sub("", number))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return 13 <= len(digits) <= 19 and any(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def pattern_of(text: str) -> re.Pattern[str]:
    """An operator's own pattern. Raises PatternInvalid for one that is wrong, fits everything, or takes for ever."""
    if len(text) > LONGEST_PATTERN:
        raise PatternInvalid(f"must be at most {LONGEST_PATTERN} characters long each")
    try:
        pattern = re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise PatternInvalid("must be regular expressions, as Python has them") from None
    if pattern.search(""):
        raise PatternInvalid("must be regular expressions that do not fit an empty text")
    if _REPEATED_REPETITION.search(text):
        raise PatternInvalid("must not repeat a group that ends in a repetition: reading a text could take for ever")
    return pattern
