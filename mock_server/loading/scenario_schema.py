"""The schema of scenario files: checked with, and kept up to date with the faults that there are.

``python -m mock_server.loading.scenario_schema`` writes the faults' part of the file anew.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from mock_server.loading.faults import fault_schema
from mock_server.loading.folders import schemas_folder
from mock_server.loading.profiles import read_document
from mock_server.loading.schema_check import SchemaCheck

NAME = "scenario.schema.json"
_WIDTH = 100


def scenario_schema() -> dict[str, Any]:
    """The schema as it stands in its file, which editors complete from."""
    return read_document(schemas_folder() / NAME)


@cache
def scenario_check() -> SchemaCheck:
    """The schema compiled without its faults: reading them finds better words for what is wrong."""
    schema = scenario_schema()
    anything: dict[str, Any] = {name: {} for name in schema["$defs"] if name.startswith("fault_")}
    return SchemaCheck({**schema, "$defs": {**schema["$defs"], **anything}})


def rule_ids() -> tuple[str, ...]:
    """The ids of the rules that a scenario can expect to be kept."""
    return tuple(scenario_schema()["$defs"]["rule"]["enum"])


def with_faults(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the definitions of the faults that there are."""
    kept = {name: one for name, one in schema["$defs"].items() if not name.startswith("fault_")}
    return {**schema, "$defs": {**kept, **fault_schema()}}


def laid_out(value: object, indent: int = 0, taken: int = 0) -> str:
    """A JSON text in which what fits on a line stands on one; the top levels never do."""
    flat = json.dumps(value, ensure_ascii=False)
    is_open = isinstance(value, dict) and indent < 4
    if not isinstance(value, dict | list) or (not is_open and indent + taken + len(flat) < _WIDTH):
        return flat
    inner = indent + 2
    if isinstance(value, dict):
        rows = [f"{json.dumps(k)}: {laid_out(v, inner, len(k) + 5)}" for k, v in value.items()]
    else:
        rows = [laid_out(item, inner) for item in value]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f",\n{' ' * inner}".join(rows).join(
        (f"{first}\n{' ' * inner}", f"\n{' ' * indent}{last}")
    )


def main(file: Path) -> None:
    """Write the faults' part of a schema file anew."""
    file.write_text(f"{laid_out(with_faults(read_document(file)))}\n", "utf-8")


if __name__ == "__main__":
    main(schemas_folder() / NAME)
