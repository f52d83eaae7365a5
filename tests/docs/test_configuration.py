"""docs/configuration.md lists every setting and every variable, with the defaults that they have."""

from bot.domain.settings import declared, print_setting
from config.environment import variables
from tests.docs.pages import rows_in, text_of

PAGE = text_of("docs/configuration.md")
WORDS = {None: "must be given", "": "empty"}


def test_every_setting_stands_in_the_table_with_its_variable_and_default() -> None:
    listed = {
        label: (variable.strip("`"), default)
        for label, variable, default in rows_in(PAGE, "setting", "variable of the organisation's value", "default")
    }
    assert list(listed) == [setting.metadata["label"] for setting in declared()]
    for setting in declared():
        variable, default = listed[setting.metadata["label"]]
        printed = print_setting(setting.default)
        assert variable == setting.metadata["variable"]
        assert default == (f"`{printed}`" if printed else default)
        assert printed or default in ("none", "the model's own")


def test_every_other_variable_stands_in_one_table_with_its_default() -> None:
    listed = rows_in(PAGE, "variable", "default", "meaning")
    of_settings = {setting.metadata["variable"] for setting in declared()}
    assert sorted(name for name, _, _ in listed) == sorted(f"`{name}`" for name in variables().keys() - of_settings)
    for name, default, meaning in listed:
        value = variables()[name.strip("`")]
        assert default == WORDS.get(value, f"`{value}`"), name
        assert meaning or name.startswith("`LOG_LEVEL_")
