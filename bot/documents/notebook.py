"""Reads Jupyter notebooks (.ipynb): words, code and what the code printed."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.documents import markdown
from bot.documents.reading import Reading
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw

_OUTPUT = 4_000
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def read(content: bytes) -> Reading:
    """The cells in order; the outputs that are text, at most 4,000 characters each. Raises FileUnusable."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise FileUnusable(Flaw.BROKEN) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise FileUnusable(Flaw.BROKEN)
    language = _at(notebook, "metadata", "kernelspec", "language") or _at(notebook, "metadata", "language_info", "name")
    cells = notebook["cells"]
    return markdown.reading("Jupyter notebook", _cells(cells, language if _is_word(language) else ""))


def _cells(cells: list[Any], language: str) -> Iterator[str]:
    for cell in cells:
        source = _text(_at(cell, "source"))
        if _at(cell, "cell_type") != "code":
            yield source
        elif source.strip():
            yield markdown.fence(source, language)
        outputs = _at(cell, "outputs")
        for output in outputs if isinstance(outputs, list) else ():
            printed = _COLOURS.sub("", _printed(output)).strip()
            if printed:
                shown = printed if len(printed) <= _OUTPUT else f"{printed[:_OUTPUT]}\n… ({len(printed):,} characters)"
                yield f"Output:\n\n{markdown.fence(shown)}"


def _printed(output: object) -> str:
    if trace := _at(output, "traceback"):
        return "\n".join(map(str, trace)) if isinstance(trace, list) else str(trace)
    return _text(_at(output, "text")) or _text(_at(output, "data", "text/plain"))


def _at(value: object, *path: str) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    """Notebooks keep a text as itself or as a list of its lines (nbformat 4)."""
    return "".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z0-9+#-]{1,20}", value))
