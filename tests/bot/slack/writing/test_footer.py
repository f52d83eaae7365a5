"""The line below an answer."""

from dataclasses import replace

from bot.slack.markup.blocks import is_aside
from bot.slack.wire.identity import Identity
from bot.slack.writing.footer import Footer
from playground.slack.blocks import problems

IDENTITY = Identity("T1", "UBOT", "BBOT", "ChatGPT", "A1")


def line(footer: Footer, model: str = "gpt-6.1-terra") -> str:
    (block,) = footer.blocks(model)
    assert problems([block]) == []
    assert is_aside(block)
    return str(block["elements"][0]["text"])


def test_the_model_is_named_beside_a_link_to_the_settings() -> None:
    address = "slack://app?team=T1&amp;id=A1&amp;tab=home"
    assert line(Footer("/chatgpt-settings", IDENTITY.tab("home"))) == f"gpt-6.1-terra · <{address}|Settings>"


def test_the_command_is_named_where_the_app_is_not_known() -> None:
    footer = Footer("/chatgpt-settings", replace(IDENTITY, app_id="").tab("home"))
    assert line(footer) == "gpt-6.1-terra · /chatgpt-settings"


def test_a_model_s_name_is_plain_and_bounded() -> None:
    footer = Footer("/settings")
    assert line(footer, "<!channel>").startswith("&lt;!channel&gt; ·")
    assert len(line(footer, "x" * 5_000)) < 400
