"""The page about privacy speaks of what there is."""

import re
from pathlib import Path

from bot.slack.desks.settings_command import help_on
from config.environment import variables

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")


def test_the_variables_that_it_names_exist() -> None:
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)(?:=\w+)?`", PAGE))
    assert {"REDACT", "ALLOWED_LINK_HOSTS", "LOG_PRIVATE_IDS"} <= named
    assert named - set(variables()) - {"DATA_DIR/bot"} == set()


def test_it_accounts_for_every_table_of_the_database() -> None:
    tables = set(re.findall(r"CREATE TABLE (\w+)", "".join(each.read_text() for each in schema())))
    told = {
        "ids of messages": {"threads", "messages", "deliveries", "reply_messages"},
        "settings, and": {"settings"},
        "the cost of each answer": {"usage", "spending"},
        "verdicts on answers": {"feedback"},
        "which hints": {"notices"},
        "when the bot was last there": {"presence"},
    }
    assert tables == set().union(*told.values()), "say in docs/privacy.md what the new table holds, and for how long"
    assert all(f"| {beginning}" in PAGE for beginning in told)


def test_the_commands_that_it_names_exist() -> None:
    assert "/chatgpt-settings forget" in PAGE
    assert "/chatgpt-settings forget:" in help_on("/chatgpt-settings")
    assert "\naudit:" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_claim_has_a_number_and_a_test_that_there_is() -> None:
    claims, proofs = PAGE.split("## How each claim is tested")
    proved = re.findall(r"^\| (\d+) \| .+ \| (`tests/.+`) \|$", proofs, re.MULTILINE)
    assert re.findall(r"✓(?! and a number)(?: (\d+))?", claims) == [number for number, _ in proved]
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proofs):
        assert re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test


def schema() -> list[Path]:
    return sorted((ROOT / "bot/store/schema").glob("*.sql"))
