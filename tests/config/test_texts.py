"""Every language has every sentence that the bot says in a thread."""

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from bot.domain.conversation import AttachmentKind
from bot.domain.errors import TooManyTurns
from bot.domain.files import Document, Flaw, Section, Unit
from bot.domain.language import Texts, translated
from bot.domain.models import ModelInfo
from bot.domain.reply import THINKING, CutReason, Done, Stopped, StopReason
from bot.domain.settings import Language, SettingInvalid, choices_of, declared, parse_setting
from bot.handlers.excerpt import Excerpt
from bot.handlers.image import NO_PICTURE, PICTURE_MISSING
from bot.openai.errors import in_words
from bot.schedule.shutdowns import IN_SETTINGS, warning_of
from bot.slack.writing.files import FILE_TROUBLES, PICTURE_TROUBLES
from bot.slack.writing.notes import End, closing_note
from bot.turns.limits import next_month
from config.prompts import load_prompts
from config.texts import load_texts

BOT = Path(__file__).parents[2] / "bot"
INTRODUCTION = load_prompts().introduction
TEXTS = load_texts(INTRODUCTION)

TAKES = {"say": (0,), "StatusChange": (0,), "FileUnusable": (1,), "Unusable": (1,), "_counted": (1, 2)}
"""Functions that take a sentence, and as which of their arguments."""

KEPT_AS = {"explanation", "cut", "part", "_WHAT_HAPPENED", "_WHOSE", "_RESET", "ORIGINS"}
RETURNED_BY = {"_doing", "_too_many"}
"""Names of what holds sentences, and of functions that give them."""

PARTS = {
    "document.unit": "page",
    "kind": "picture",
    "in_words(pause)": "8 seconds",
    "in_words(retry_after)": "8 seconds",
    "wait": "8 seconds",
    "_written(day)": "5 May 2026",
}
"""What stands in the place of an expression in a sentence; 9 in the place of any other."""


FOR_PEOPLE = ("slack/desks", "slack/writing", "turns", "handlers/image.py", "domain/errors.py")
SENTENCE = re.compile(r"\W*[A-Z][^\\]*[\w}][.!?…]", re.DOTALL)


def written(node: ast.expr | None) -> Iterator[str]:
    """The texts that this expression may be, as far as they are written there."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.JoinedStr(values=pieces):
            yield "".join(
                str(ast.literal_eval(piece)) if isinstance(piece, ast.Constant) else sample_of(piece)
                for piece in pieces
            )
        case ast.IfExp(body=one, orelse=other):
            yield from (*written(one), *written(other))
        case ast.Dict(values=values) | ast.Tuple(elts=values):
            for value in values:
                yield from written(value)
        case _:
            return


def sample_of(piece: ast.expr) -> str:
    return PARTS.get(ast.unparse(piece.value), "9") if isinstance(piece, ast.FormattedValue) else "9"


def in_the_code() -> Iterator[str]:
    for file in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=function, args=args) if name_of(function) in TAKES:
                    for place in TAKES[name_of(function)]:
                        yield from written(args[place]) if place < len(args) else ()
                case ast.Assign(targets=[target], value=value) if name_of(target) in KEPT_AS:
                    yield from written(value)
                case ast.AnnAssign(target=target, value=value) if name_of(target) in KEPT_AS:
                    yield from written(value)
                case ast.keyword(arg=name, value=value) if name in KEPT_AS:
                    yield from written(value)
                case ast.FunctionDef(name=name) if name in RETURNED_BY:
                    for each in ast.walk(node):
                        yield from written(each.value) if isinstance(each, ast.Return) else ()


def in_folders_for_people() -> Iterator[str]:
    """Whatever looks like a sentence where hardly anything is written that is not for people."""
    for name in FOR_PEOPLE:
        for file in sorted((BOT / name).rglob("*.py")) or [BOT / name]:
            yield from sentences_in(ast.parse(file.read_text(encoding="utf-8")))


def sentences_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
            return
        case ast.Constant() | ast.JoinedStr():
            yield from filter(SENTENCE.fullmatch, written(node))
        case _:
            for child in ast.iter_child_nodes(node):
                yield from sentences_in(child)


def name_of(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def made_elsewhere() -> Iterator[str]:
    """Sentences that are chosen, or put together, where they are not written."""
    yield from Flaw
    yield from (THINKING.text, NO_PICTURE, PICTURE_MISSING, INTRODUCTION, "searching the web: boats")
    yield from map(in_words, (1, 8, 200))
    yield from (TooManyTurns(20, seconds).explanation for seconds in (1, 8))
    yield from (f"I look at no more than 9 {kind}s at once" for kind in AttachmentKind)
    yield "You can choose the model and more with /settings."
    ends: list[End] = [Done(), *(Done(cut=reason) for reason in CutReason), *map(Stopped, StopReason)]
    notes = (closing_note(end, empty=empty) for end in ends for empty in (True, False))
    yield from filter(None, notes)
    yield from (*PICTURE_TROUBLES.values(), *FILE_TROUBLES.values())
    yield from extents()
    yield from settings()
    yield from months()
    yield from warnings_of_shutdowns()


def settings() -> Iterator[str]:
    """What is said of settings, and what is wrong with them."""
    for setting in declared():
        yield from (setting.metadata["label"], setting.metadata["meaning"])
        yield from choices_of(setting.name) if setting.name not in {"language", "image_format"} else ()
        yield refusal_of(setting.name)
    yield from ("is not known here", "was shut down on 5 May 2026")


def refusal_of(setting: str) -> str:
    try:
        parse_setting(setting, "\0 " * 2_000)
    except SettingInvalid as invalid:
        return str(invalid)
    raise AssertionError(f"{setting} takes anything")


def months() -> Iterator[str]:
    """When budgets start afresh."""
    yield from (next_month(datetime(2026, month, 1, tzinfo=UTC).timestamp()) for month in range(1, 13))


def warnings_of_shutdowns() -> Iterator[str]:
    """What admins are told."""
    last, used = date(2026, 12, 11), ("GPT_MODEL", "UTILITY_MODEL")
    for places, successor, days in product((used, (*used, IN_SETTINGS), (IN_SETTINGS,)), ("", "young"), (0, 1, 14)):
        yield warning_of(ModelInfo("old", shutdown=last, successor=successor), places, last - timedelta(days=days))


def extents() -> Iterator[str]:
    """What is said of documents that were read in part."""
    parts = [
        f"{rows}{of}, {columns}"
        for rows in ("row 9", "rows 1–2,000")
        for of in ("", " of 200,000", " of at least 200,000")
        for columns in ("column A", "columns A–C", "columns A–AX of A–ZZ")
    ]
    for unit in Unit:
        document = Document("a", "file", unit, 9, ())
        sections = tuple(Section(number, "", part=part) for number, part in enumerate(("", "", *parts[:1], ""), 1))
        for chosen in ((), sections[:1], sections[:2], (*sections, Section(9, ""))):
            yield Excerpt(document, chosen).extent
    yield from (f"sheet 1 of 1 (sheet 1: {part}; sheet 2: {part})" for part in parts)


SENTENCES = sorted({*in_the_code(), *in_folders_for_people(), *made_elsewhere()})


class Read(dict[str, str]):
    """A table that remembers which of its sentences were read."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.read: set[str] = set()

    def __getitem__(self, english: str) -> str:
        self.read.add(english)
        return super().__getitem__(english)

    def __contains__(self, english: object) -> bool:
        is_there = super().__contains__(english)
        if is_there:
            self.read.add(str(english))
        return is_there


def looked_up(sentences: Iterable[str], language: Language) -> set[str]:
    """What is found in the table of this language when these sentences are translated."""
    texts = Read(TEXTS[language])
    for sentence in sentences:
        translated(sentence, texts)
    return texts.read


@pytest.mark.parametrize("language", TEXTS)
def test_every_sentence_is_there(language: Language) -> None:
    assert [each for each in SENTENCES if not looked_up([each], language)] == []


@pytest.mark.parametrize("language", TEXTS)
def test_no_sentence_is_there_in_vain(language: Language) -> None:
    assert set(TEXTS[language]) - looked_up(SENTENCES, language) == set()


@pytest.mark.parametrize("language", TEXTS)
def test_a_translation_has_the_same_parts(language: Language) -> None:
    for english, text in TEXTS[language].items():
        assert sorted(re.findall(r"\{\w*\}", text)) == sorted(re.findall(r"\{\w*\}", english)), english
        assert text == text.strip() != ""


def test_a_sentence_that_nobody_has_translated_is_found() -> None:
    assert "Stopped." in SENTENCES
    without = {english: text for english, text in TEXTS[Language.DE].items() if english != "Stopped."}
    assert translated("Stopped.", without) == "Stopped."


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (
            "I could not use this file: it is larger than 20 MB.",
            "Ich konnte diese Datei nicht verwenden: größer als 20 MB.",
        ),
        ("waiting 8 seconds because OpenAI is busy", "wartet 8 Sekunden, weil OpenAI ausgelastet ist"),
        ("searching the web: thinking", "sucht im Web: thinking"),
        ("searching the web: top 10 of 2026", "sucht im Web: top 10 of 2026"),
        ("page 1 of 9", "Seite 1 von 9"),
        ("pages 1–26, 100–110 and 200–202 of 212", "Seiten 1–26, 100–110 und 200–202 von 212"),
        (
            "sheet 1 of 3 (sheet 1: rows 1–2,000 of 200,000, columns A–C; sheet 2: row 1, column A)",
            "Blatt 1 von 3 (Blatt 1: Zeilen 1–2,000 von 200,000, Spalten A–C; Blatt 2: Zeile 1, Spalte A)",
        ),
    ],
)
def test_what_is_put_together_is_translated_to_its_last_part(english: str, german: str) -> None:
    assert translated(english, TEXTS[Language.DE]) == german
