"""The two buttons below an answer that ask whether it was good."""

from typing import Any

from bot.domain.language import say
from bot.domain.records import Verdict
from bot.slack.markup.blocks import FEEDBACK_BLOCK_ID, Block
from bot.slack.markup.views import plain

PRESS = "chatgpt_feedback"
"""The action_id of the buttons, and the callback_id of the modal."""


def thumbs() -> tuple[Block, ...]:
    """The buttons, as Slack draws them itself (docs.slack.dev, feedback buttons element)."""
    buttons = {
        "type": "feedback_buttons",
        "action_id": PRESS,
        "positive_button": _button(say("Good answer"), Verdict.GOOD),
        "negative_button": _button(say("Bad answer"), Verdict.BAD),
    }
    return ({"type": "context_actions", "block_id": FEEDBACK_BLOCK_ID, "elements": [buttons]},)


def _button(text: str, verdict: Verdict) -> dict[str, Any]:
    return {"text": plain(text, 75), "accessibility_label": text, "value": str(verdict)}
