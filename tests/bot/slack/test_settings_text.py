"""What the slash command shows."""

from bot.domain.settings import Settings, declared
from bot.slack.settings_text import settings_text


def test_every_setting_has_its_line() -> None:
    text = settings_text(Settings(model="gpt<1>", temperature=0.5))
    assert all(setting.metadata["label"] in text for setting in declared())
    assert "`gpt&lt;1&gt;`" in text
    assert "`0.5`" in text
    assert "as the model likes" in text
