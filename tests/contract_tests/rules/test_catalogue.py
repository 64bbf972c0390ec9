"""The catalogue of rules: all that scenarios can name are there, each in its place."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from contract_tests import rules
from contract_tests.rules import Rule, all_rules, rule_named
from contract_tests.rules.names_itself import NamesItself

# Called anew, for a test must not depend on who has asked before it.
find_rules = all_rules.__wrapped__


def test_every_rule_that_a_scenario_can_name_is_there_and_in_its_order(project: Path) -> None:
    schema = json.loads((project / "schemas" / "scenario.schema.json").read_text("utf-8"))
    assert [rule.id for rule in find_rules()] == schema["$defs"]["rule"]["enum"]


def test_numbers_count_from_one_within_each_family() -> None:
    numbers = [rule.number for rule in find_rules()]
    families: dict[str, list[str]] = {}
    for number in numbers:
        families.setdefault(number.partition("-")[0], []).append(number)
    assert len(families) == 8
    for family, found in families.items():
        assert found == [f"{family}-{place:02}" for place in range(1, len(found) + 1)]


def test_a_rule_is_found_by_its_id() -> None:
    assert rule_named("names-itself").number == "REQ-10"
    with pytest.raises(KeyError):
        rule_named("no-such-rule")


def test_a_rule_in_a_file_of_another_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = ModuleType("contract_tests.rules.misnamed")
    inside = {"__module__": module.__name__}
    module.__dict__["Found"] = type("Found", (NamesItself,), inside)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    (tmp_path / "misnamed.py").touch()
    monkeypatch.setattr(rules, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(ValueError, match=r"misnamed\.py: expected the rule 'misnamed'"):
        find_rules()


def test_every_rule_is_one() -> None:
    assert all(isinstance(rule, Rule) for rule in find_rules())
