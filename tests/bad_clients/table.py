"""The table of rules and wrong clients for the documents.

    python -m tests.bad_clients.table

writes it anew after a change of the catalogue.
"""

from collections.abc import Iterator
from pathlib import Path

from contract_tests.rules import all_rules
from tests.bad_clients.bad_client import BadClient
from tests.bad_clients.catalogue import BAD_CLIENTS

PLACE = Path(__file__).resolve().parents[2] / "docs" / "rules-and-bad-clients.md"
_LANGUAGES = {"python": "Python", "node": "Node", "bash": "bash"}
_INTRODUCTION = """\
# Rules and wrong clients

A rule that no wrong client breaks proves nothing. Each of the {rules} rules is broken by at least
one of these {clients} clients: {languages}.
Each is a client that does everything right, with one small thing changed; they stand in
[tests/bad_clients](../tests/bad_clients), the good ones in
[tests/good_clients](../tests/good_clients).

This page is made from the catalogue that the tests play: every client is caught by its rule, and
what else catches it is exactly what is listed. Write it anew with
`python -m tests.bad_clients.table`.
"""


def page() -> str:
    """The whole page."""
    counts = ", ".join(
        f"{sum(bad.language == word for bad in BAD_CLIENTS)} in {name}"
        for word, name in _LANGUAGES.items()
    )
    head = _INTRODUCTION.format(rules=len(all_rules()), clients=len(BAD_CLIENTS), languages=counts)
    return "\n".join([head, *_rules(), "", *_clients()]) + "\n"


def _rules() -> Iterator[str]:
    yield "## Which rule catches whom"
    yield ""
    yield "| rule | grade | meant for it | caught besides |"
    yield "|---|---|---|---|"
    for rule in all_rules():
        meant = (bad.name for bad in BAD_CLIENTS if bad.rule == rule.id)
        besides = (bad.name for bad in BAD_CLIENTS if rule.id in bad.also)
        cells = (f"{rule.number} `{rule.id}`", rule.grade.value, _links(meant), _links(besides))
        yield f"| {' | '.join(cells)} |"


def _links(names: Iterator[str]) -> str:
    return ", ".join(f"[{name}](#{name})" for name in names)


def _clients() -> Iterator[str]:
    yield "## The clients"
    for bad in sorted(BAD_CLIENTS, key=lambda bad: bad.name):
        yield ""
        yield f"### {bad.name}"
        yield ""
        yield f"{_LANGUAGES[bad.language]}, breaks `{bad.rule}`. {bad.why}"
        yield from _besides(bad)


def _besides(bad: BadClient) -> Iterator[str]:
    if bad.also or bad.perhaps:
        yield ""
    for rule, reason in sorted(bad.also.items()):
        yield f"- also `{rule}`: {reason}"
    for rule, reason in sorted(bad.perhaps.items()):
        yield f"- perhaps `{rule}`: {reason}"


if __name__ == "__main__":
    PLACE.write_text(page(), "utf-8")
