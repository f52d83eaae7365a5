"""What was used, in words for those who pay for it, and as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping

from bot.domain.language import say
from bot.domain.records import Totals, Use
from bot.domain.report import Report
from bot.slack.markup import views
from bot.slack.markup.markdown import escaped
from bot.slack.markup.views import Block

MOST_ROWS = 10
"""Rows of each list; what is beyond is counted."""

NOTHING = "Nothing was used."
ESTIMATE = "Dollars are estimates by the prices of config/catalog.toml, for what can be counted."

_LONGEST_NAME = 80
_COLUMNS = ("person", "person id", "channel", "channel id", "model")
_NUMBERS = ("answers", "pictures", "searches", "tokens", "dollars")
_BEGINS_FORMULA = ("=", "+", "-", "@")


def used(totals: Totals) -> str:
    """Totals in a line of words; the price is an estimate. Empty where nothing was used."""
    if totals == Totals():
        return ""
    counted = [
        _counted(totals.answers, "{number} answer", "{number} answers"),
        _counted(totals.pictures, "{number} picture", "{number} pictures"),
        *([_counted(totals.searches, "{number} search", "{number} searches")] if totals.searches else []),
        _counted(totals.tokens, "{number} token", "{number} tokens"),
    ]
    return ", ".join((*counted, say("about ${amount}", amount=f"{totals.dollars:,.2f}")))


def title_of(report: Report) -> str:
    """What the report is about."""
    return say("Usage of {span}", span=report.span.name)


def report_blocks(report: Report, before: Report | None = None, *, people: bool = True) -> list[Block]:
    """A report, with lists by person, if wanted, by channel and model; `before` is what it is held against.

    People and channels are named by Slack, which names a private channel only to its members.
    """
    blocks = [views.heading(title_of(report)), views.said_plainly(used(report.whole) or say(NOTHING))]
    if before is not None:
        blocks.append(views.said_plainly(f"{before.span.name}: {used(before.whole) or say(NOTHING)}"))
    lists = {
        say("By person"): [(_person(user), totals) for user, totals in report.by(lambda use: use.user) if people],
        say("By channel"): report.by(lambda use: _channel(use.channel)),
        say("By model"): [(_model(model), totals) for model, totals in report.by(lambda use: use.model)],
    }
    for title, rows in lists.items():
        if rows:
            blocks.append(views.said("\n".join((f"*{title}*", *_rows(rows)))))
    return [*blocks, views.said_plainly(say(ESTIMATE))]


def as_csv(report: Report, names: Mapping[str, str]) -> bytes:
    """All uses as comma-separated values, which spreadsheets open as a table in UTF-8; nothing in it is a formula."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow((*_COLUMNS, *_NUMBERS))
    for use in report.uses:
        texts = (names.get(use.user, ""), use.user, names.get(use.channel, ""), use.channel, use.model)
        writer.writerow((*map(_harmless, texts), *_numbers(use)))
    return table.getvalue().encode("utf-8-sig")


def _rows(rows: list[tuple[str, Totals]]) -> Iterator[str]:
    for what, totals in rows[:MOST_ROWS]:
        yield f"• {what}: {used(totals)}"
    if more := rows[MOST_ROWS:]:
        rest = used(sum((totals for _, totals in more), Totals()))
        yield say("and {number} more: {rest}", number=f"{len(more):,}", rest=rest)


def _numbers(use: Use) -> tuple[object, ...]:
    totals = use.totals
    return totals.answers, totals.pictures, totals.searches, totals.tokens, f"{totals.dollars:.6f}"


def _harmless(text: str) -> str:
    """A spreadsheet takes a text that begins like this for a formula, unless an apostrophe stands before it."""
    return f"'{text}" if text.lstrip().startswith(_BEGINS_FORMULA) else text


def _person(user: str) -> str:
    return f"<@{user}>" if user.isalnum() else say("somebody unknown")


def _channel(channel: str) -> str:
    return f"<#{channel}>" if channel.startswith(("C", "G")) and channel.isalnum() else say("direct messages")


def _model(model: str) -> str:
    return escaped(views.clipped(model, _LONGEST_NAME)) or say("unknown")


def _counted(number: int, one: str, many: str) -> str:
    return say(one if number == 1 else many, number=f"{number:,}")
