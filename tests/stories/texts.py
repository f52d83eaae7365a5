"""Texts for stories, and what two of them have in common."""

import re


def long_answer(length: int) -> str:
    """Markdown of about this many characters in which no line stands twice, with tables and fenced code."""
    parts: list[str] = []
    number = 0
    while sum(map(len, parts)) < length:
        number += 1
        parts.append(f"## Chapter {number}\n\n")
        parts.append(
            f"Paragraph {number} has **bold** words, a [link](https://example.com/{number}) and 1 < 2 & 3.\n\n"
        )
        code = "".join(f"print('{number}.{line}')  # a line of code\n" for line in range(12))
        parts.append(f"```python\n{code}```\n\n")
        rows = "".join(f"| row {number}.{row} | value {number * row} |\n" for row in range(8))
        parts.append(f"| name | value |\n| --- | --- |\n{rows}\n")
        parts.append("".join(f"- item {number}.{item}\n  - nested {number}.{item}\n" for item in range(5)) + "\n")
    return "".join(parts)


def rejoined(texts: list[str]) -> list[str]:
    """What is said, whatever messages it stands in: the lines without fences, table headers and empty lines."""
    return [
        line.rstrip()
        for text in texts
        for line in text.splitlines()
        if line.strip() and not line.startswith("```") and not re.match(r"\| (name|---)", line)
    ]
