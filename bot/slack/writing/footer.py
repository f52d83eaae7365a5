"""The line below a complete answer: which model wrote it, and where that is chosen."""

from dataclasses import dataclass

from bot.domain.language import say
from bot.slack.markup.blocks import FOOTER_BLOCK_ID, Block, small
from bot.slack.markup.markdown import escaped, shortened
from bot.slack.wire.identity import Identity

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


def footer_for(identity: Identity, command: str) -> Footer:
    """The footer of this bot; `command` is named where Slack did not tell the app's id.

    The address opens the app's home (docs.slack.dev, deep linking).
    """
    address = f"slack://app?team={identity.workspace}&id={identity.app_id}&tab=home"
    return Footer(command, address if identity.app_id else "")
