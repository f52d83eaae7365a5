"""The settings as people read them."""

from bot.domain.settings import Settings, declared, print_setting
from bot.slack.markdown import escaped


def settings_text(settings: Settings) -> str:
    """One line for each setting, as mrkdwn."""
    lines = [
        f"• {setting.metadata['label']}: {_shown(print_setting(getattr(settings, setting.name)))}"
        for setting in declared()
    ]
    return "\n".join(("*How I make my answers*", *lines, "Whoever runs me can change this."))


def _shown(value: str) -> str:
    return f"`{escaped(value)}`" if value else "as the model likes"
