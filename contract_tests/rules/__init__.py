"""The rules for clients: one module each, found by listing this folder."""

from functools import cache
from importlib import import_module
from pathlib import Path

from contract_tests.rules.base.rule import Rule

__all__ = ["Rule", "all_rules", "rule_named"]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of their numbers (REQ-01 ... CON-05)."""
    rules = [_rule_in(file) for file in sorted(Path(__file__).parent.glob("*.py"))]
    return tuple(sorted(filter(None, rules), key=_place))


def rule_named(rule_id: str) -> Rule:
    """The rule of that id; raises KeyError for an unknown one."""
    return {rule.id: rule for rule in all_rules()}[rule_id]


def _rule_in(file: Path) -> Rule | None:
    """The one rule of a module, whose file is called as it is."""
    if file.stem == "__init__":
        return None
    module = import_module(f"contract_tests.rules.{file.stem}")
    (found,) = (
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Rule) and one.__module__ == module.__name__
    )
    rule: Rule = found()
    if rule.id != file.stem.replace("_", "-"):
        raise ValueError(f"{file.name}: expected the rule {file.stem!r}, seen {rule.id!r}")
    return rule


_FAMILIES = ("REQ", "SEC", "RET", "BOF", "POL", "DUP", "OUT", "CON")


def _place(rule: Rule) -> tuple[int, str]:
    return _FAMILIES.index(rule.number[:3]), rule.number
