"""What the app's manifest offers."""

from pathlib import Path

from playground.page.offers import Command, Offers, Shortcut, read_offers

MANIFEST = """
features:
  app_home:
    home_tab_enabled: true
  slash_commands:
    - command: /settings
      description: Choose
      usage_hint: "[place]"
  shortcuts:
    - {type: message, name: Summarise, callback_id: summarize, description: x}
    - {type: global, name: Everywhere, callback_id: global, description: x}
"""


def test_the_manifest_offers_commands_message_shortcuts_and_a_home(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST)
    assert read_offers(path) == Offers(
        (Command("/settings", "Choose", "[place]"),), (Shortcut("summarize", "Summarise"),), has_home=True
    )


def test_an_app_may_offer_nothing(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text("display_information: {name: x}")
    assert read_offers(path) == Offers()


def test_the_bots_own_manifest_is_read() -> None:
    assert read_offers().commands
