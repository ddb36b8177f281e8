"""Every setting stands in one table, as the types have it; a name that no setting has is told the nearest one."""

import re
from pathlib import Path

import pytest

from adapter.settings.config import ConfigError, load
from adapter.settings.shown import shown
from adapter.settings.table import rows, table

SHIPPED = Path(__file__).parents[2] / "deploy" / "CONFIGURATION.md"
EXAMPLE = Path(__file__).parents[2] / "adapter" / "settings" / "eksempel.toml"
BY_NAME = {row.name: row for row in rows()}


def test_the_table_that_is_shipped_is_what_the_types_say() -> None:
    assert SHIPPED.read_text("utf-8") == table()


def test_every_setting_that_is_shown_stands_in_the_table() -> None:
    names = {re.sub(r"\[\d+\]", "[]", one.name) for one in shown(EXAMPLE, {})}
    assert names - {"antakelser", "oversett"} <= set(BY_NAME)
    assert len(BY_NAME) == len(list(rows())) > 50


def test_every_setting_says_what_it_means_and_a_quantity_its_unit() -> None:
    for row in BY_NAME.values():
        assert row.meaning.endswith("."), row
        # The names of quantities end in their unit; the table has it by itself.
        if row.name.endswith(("_ms", "_sekunder", "_minutter")):
            assert row.unit in {"ms", "seconds", "minutes"}, row


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("kafka.sesjon_ms", ("IPLOS_KAFKA__SESJON_MS", "45000", "ms", "1,000 to 300,000", False)),
        ("kafka.sikkerhet.passord", ("IPLOS_KAFKA__SIKKERHET__PASSORD", "", "", "", True)),
        ("rapport.send", ("IPLOS_RAPPORT__SEND", '"test"', "", '"never", "production", "test"', False)),
        ("kommuner[].nummer", ("", "(must be set)", "", "", False)),
        ("kalender.prove_ukedager", ("", "[1]", "", "a list of 1 to 7", False)),
        ("antakelser", ("IPLOS_ANTAKELSER__…", "{}", "", "a table", False)),
    ],
)
def test_a_row_has_environment_default_unit_values_and_whether_it_is_secret(
    name: str, row: tuple[str, str, str, str, bool]
) -> None:
    found = BY_NAME[name]
    assert (found.environment, found.default, found.unit, found.values, found.secret) == row


def test_the_variables_of_the_table_are_those_that_are_read() -> None:
    for row in BY_NAME.values():
        if row.environment and row.default.isdigit():
            assert load(None, {row.environment: row.default}) == load(None, {})


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        ("IPLOS_KAFKA__BOOTSTRP", "IPLOS_KAFKA__BOOTSTRP: unknown setting kafka.bootstrp: did you mean 'bootstrap'?"),
        ("IPLOS_KAFFKA__GRUPPE", "IPLOS_KAFFKA__GRUPPE: unknown setting kaffka: did you mean 'kafka'?"),
        ("IPLOS_NOKELFIL", "IPLOS_NOKELFIL: unknown setting: did you mean IPLOS_NOKKELFIL?"),
    ],
)
def test_a_misspelt_variable_is_named_with_what_was_probably_meant(variable: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        load(None, {variable: "x"})


def test_a_variable_of_somebody_else_is_left_alone() -> None:
    assert load(None, {"IPLOS_CONFIG": "x", "IPLOS_SANDBOX_DIR": "x", "OTHER__BOOTSTRAP": "x"}) == load(None, {})
