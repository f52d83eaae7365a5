"""The line below a complete answer: which model wrote it, and where that is chosen."""

from dataclasses import dataclass

from bot.slack.markup.blocks import FOOTER_BLOCK_ID, Block, small
from bot.slack.markup.markdown import escaped, shortened
from bot.slack.wire.identity import Identity

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Footer:
    """`settings` is mrkdwn: a link to the settings, or the name of the command that shows them."""

    settings: str

    def blocks(self, model: str) -> tuple[Block, ...]:
        """The line for an answer of this model."""
        return (small(FOOTER_BLOCK_ID, f"{shortened(escaped(model), _LONGEST_NAME)} · {self.settings}"),)


def footer_for(identity: Identity, command: str) -> Footer:
    """The footer of this bot; `command` is named where Slack did not tell the app's id.

    The address opens the app's home (docs.slack.dev, deep linking).
    """
    if not identity.app_id:
        return Footer(escaped(command))
    address = f"slack://app?team={identity.workspace}&id={identity.app_id}&tab=home"
    return Footer(f"<{escaped(address)}|Settings>")
