"""Single words that mean, while an answer is being written, that nobody wants the rest of it."""

import re
import unicodedata

from bot.domain.conversation import Message

WORDS = frozenset(
    (
        *("stop", "cancel", "abort", "halt", "stopp", "abbrechen", "arrête", "arrêter", "annuler"),
        *("detente", "detén", "para", "parar", "pare", "cancela", "cancelar", "ferma", "fermati", "annulla"),
        *("avbryt", "annuleren", "стоп", "отмена", "стій", "停止", "取消", "中止", "ストップ", "キャンセル"),
        *("멈춰", "그만", "취소", "توقف"),
    )
)
"""English and some other languages; a word that starts questions as often as it ends answers is not among them."""

_LONGEST = 80
_FRAME = re.compile(r"[\s.!…。！]*(?P<word>[^\s.!…。！]+)[\s.!…。！]*(?P<mention>@\S+)?[\s.!…。！]*")


def is_stop_word(message: Message) -> bool:
    """True for a message that is one of the words, with or without exclamation marks, and nothing else.

    A mention of the bot before it is gone already; one after it counts where the message speaks to the bot.
    """
    if message.attachments or len(message.text) > _LONGEST:
        return False
    found = _FRAME.fullmatch(unicodedata.normalize("NFC", message.text))
    if found is None or (found["mention"] and not message.to_bot):
        return False
    return found["word"].casefold() in WORDS
