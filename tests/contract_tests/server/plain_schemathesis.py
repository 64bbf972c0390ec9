"""What Schemathesis finds with its own checks alone, and the table of it in the documentation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from contract_tests.server.fuzzing import narrowed
from contract_tests.server.promises import Promises
from contract_tests.server.target import App
from mock_server import create_app
from tests.contract_tests.server.defects import DEFECTS, Defect
from tests.contract_tests.server.serving import BY_READINGS, KEYS

FILE = "docs/server-defects.md"
BEGIN, END = "<!-- defect-table -->", "<!-- /defect-table -->"
REWRITE = "SAFELIGHT_PROOF=full SAFELIGHT_TABLE=write python -m pytest -n0 -k what_the_table_says"
# What Schemathesis draws where nobody says otherwise.
_EXAMPLES = 100


class Failure(NamedTuple):
    """One kind of failure: the check, the operation, and what the check calls it."""

    check: str
    operation: str
    title: str


def found_alone(app: App, profile: str, phases: Sequence[str] = ()) -> set[Failure]:
    """What Schemathesis says of an application, with all of its own checks and phases.

    ``phases`` leaves out all others.
    """
    from schemathesis.engine import events, from_schema

    found = set()
    for event in from_schema(_schema(app, profile, phases)).execute():
        if isinstance(event, events.ScenarioFinished):
            found |= {one for nodes in event.recorder.checks.values() for one in _failures(nodes)}
    return found


def _failures(nodes: Any) -> Iterator[Failure]:
    for node in nodes:
        if node.failure_info is not None:
            failure = node.failure_info.failure
            yield Failure(node.name, str(failure.operation), failure.title)


def _schema(app: App, profile: str, phases: Sequence[str]) -> Any:
    import schemathesis
    from schemathesis.config import SchemathesisConfig

    document = narrowed(Promises.of(profile), all_models=False)
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig(seed=1))
    schema.app = app
    schema.config.update(headers={"Authorization": f"Bearer {KEYS[0]}"}, workers=1)
    schema.config.generation.update(max_examples=_EXAMPLES, database="none")
    if phases:
        schema.config.phases.update(phases=list(phases))
    return schema


def mock(profile: str, defect: Defect | None = None) -> App:
    """The mock with tasks that move on when they are read, so that no run depends on time."""
    app = create_app(profile, BY_READINGS, api_keys=KEYS)
    return app if defect is None else defect.around(app)


def is_found_alone(defect: Defect, clean: set[Failure]) -> bool:
    """Whether Schemathesis says anything of the defect that it does not say of a clean mock."""
    return bool(found_alone(mock(defect.profiles[0], defect), defect.profiles[0]) - clean)


def table(alone: Mapping[str, bool]) -> str:
    """The rows: each defect, the statements that it breaks, and whether it is found alone."""
    lines = ["| defect | what is wrong | statements that find it | Schemathesis alone |"]
    lines.append("| --- | --- | --- | --- |")
    for defect in DEFECTS:
        statements = ", ".join(f"`{one}`" for one in defect.statements)
        mark = "finds it" if alone[defect.id] else "-"
        lines.append(f"| `{defect.id}` | {defect.what} | {statements} | {mark} |")
    count = sum(alone[defect.id] for defect in DEFECTS)
    lines.append("")
    lines.append(f"Schemathesis alone finds {count} of {len(DEFECTS)}.")
    return "\n".join(lines) + "\n"


def told(text: str) -> dict[str, bool]:
    """What the table in a text says of each defect."""
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    return {row[1].strip(" `"): row[4].strip() == "finds it" for row in rows}


def with_table(text: str, lines: str) -> str:
    """The text with these lines where its table was; ValueError without one place for it."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"expected {BEGIN} and {END}")
    return f"{head}{BEGIN}\n\n{lines}\n{END}{tail}"
