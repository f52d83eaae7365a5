"""The rounds of one answer: requests that follow each other, because the model wants something done in between."""

import logging
from dataclasses import dataclass, field, replace
from typing import Any

from openai import APIError

from bot.domain.errors import ModelError
from bot.domain.language import say
from bot.domain.reply import StatusChange, TextDelta
from bot.domain.tools import Toolbox
from bot.openai.citations import Cited
from bot.openai.errors import ToolServerUnreachable
from bot.openai.functions import done
from bot.openai.made import MadeFiles
from bot.openai.refusals import mentions
from bot.openai.replay import ApprovalRequest, FunctionCall, Wanted
from bot.openai.request import Parameters
from bot.openai.stream import BETWEEN_MESSAGES, Answer
from bot.openai.tools import MOST_CALLS

log = logging.getLogger(__name__)

MOST_ROUNDS = 8

APPROVAL = StatusChange("waiting for your approval", waiting=True)


@dataclass(slots=True)
class Rounds:
    """What the rounds so far have come to.

    `wanted` is what the model waits for; where it is empty after a round, the answer is at its end. `approved` says
    that the next request has a server do something, so that it must not be made twice.
    """

    toolbox: Toolbox
    wanted: list[Wanted] = field(default_factory=list)
    approved: bool = False
    cited: Cited = field(default_factory=Cited)
    made: MadeFiles = field(default_factory=MadeFiles)
    number: int = 0
    _items: list[dict[str, Any]] = field(default_factory=list)
    _calls: int = 0
    _spoke: bool = False
    _is_apart: bool = False

    def request(self, first: Parameters) -> Parameters:
        """The parameters of the next round, made from those of the first one; the last round may only speak."""
        if not self._items:
            return first
        # The tools stay as they are: other ones would be another prefix for the prompt cache.
        choice = {"tool_choice": "none"} if self._is_last and "tools" in first else {}
        return {**first, **choice, "input": [*first["input"], *self._items]}

    def joined(self, text: TextDelta) -> TextDelta:
        """The text as it follows that of earlier rounds: as a paragraph of its own."""
        apart = BETWEEN_MESSAGES if self._is_apart else ""
        self._spoke, self._is_apart = True, False
        return TextDelta(apart + text.text)

    def end(self, answer: Answer) -> None:
        """Take in what a round has come to."""
        self.wanted = [] if self._is_last else answer.wanted
        self.number += 1
        self._items += answer.output
        self._is_apart = self._spoke

    @property
    def statuses(self) -> list[StatusChange]:
        """What people see while that is done which the model waits for."""
        known = {function.name: function.status for function in self.toolbox.functions}
        calls = [each for each in self.wanted if isinstance(each, FunctionCall)]
        shown = [known[call.name] for call in calls if call.name in known]
        return [*shown, APPROVAL] if any(isinstance(each, ApprovalRequest) for each in self.wanted) else shown

    async def do(self) -> None:
        """Do what the model waits for."""
        results = await done(self.wanted, self.toolbox, MOST_CALLS - self._calls)
        self.approved = any(result.get("approve") for result in results)
        self._calls += len(self.wanted)
        self._items += results

    def without(self, failure: ModelError) -> TextDelta | None:
        """Go on without the servers of tools that cannot be reached, and what people are told of it.

        None where that would mend nothing.
        """
        if self.number or not self.toolbox.servers or not isinstance(failure, ToolServerUnreachable):
            return None
        servers, cause = self.toolbox.servers, failure.__cause__
        told = [each for each in servers if isinstance(cause, APIError) and mentions(cause, each.name)]
        gone = [each for each in servers if each.name in failure.servers] or told or servers
        self.toolbox = replace(self.toolbox, servers=tuple(each for each in servers if each not in gone))
        names = [each.name for each in gone]
        log.warning("an answer does without %s: %s", ", ".join(names), failure)
        listed = ", ".join(f"`{name}`" for name in names)
        return TextDelta(f"> {say('⚠️ I cannot reach {names}, so this answer does without.', names=listed)}\n\n")

    @property
    def _is_last(self) -> bool:
        return self.number >= MOST_ROUNDS - 1 or self._calls >= MOST_CALLS
