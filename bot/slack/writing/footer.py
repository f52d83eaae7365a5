"""The line below a complete answer: which model wrote it, and where that is chosen."""

from dataclasses import dataclass

from bot.domain.language import say
from bot.slack.markup.blocks import FOOTER_BLOCK_ID, Block, small
from bot.slack.markup.markdown import escaped, shortened

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Footer:
    """`address` leads to the settings; `command`, which shows them, is named where there is none."""

    command: str
    address: str = ""

    def blocks(self, model: str) -> tuple[Block, ...]:
        """The line for an answer of this model."""
        settings = f"<{escaped(self.address)}|{say('Settings')}>" if self.address else escaped(self.command)
        return (small(FOOTER_BLOCK_ID, f"{shortened(escaped(model), _LONGEST_NAME)} · {settings}"),)
