"""The bot's own words in other languages than English: a table for each in `texts/`, and the introduction beside it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from bot.domain.language import Texts
from bot.domain.settings import Language

_FOLDER = Path(__file__).with_name("texts")


def load_texts(introduction: str) -> Mapping[Language, Texts]:
    """Read all tables; `introduction` is the English one, as `prompts/` has it, and the key of the others.

    `<language>.toml` maps English sentences to translated ones, `<language>.md` is the introduction.
    """
    return {
        language: _table(_FOLDER / f"{language}.toml") | {introduction: _text(_FOLDER / f"{language}.md")}
        for language in Language
        if language is not Language.EN
    }


def _table(file: Path) -> dict[str, str]:
    return dict(tomllib.loads(_text(file)))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
