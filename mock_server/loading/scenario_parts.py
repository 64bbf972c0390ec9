"""What one scenario file says, as core values that can be laid over those of another file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mock_server.core.client_plan import ClientPlan
from mock_server.core.client_value import read_client
from mock_server.core.contract import Contract, LimitRule
from mock_server.core.limits import SLIDING_WINDOW, TOKEN_BUCKET
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import USUAL, Chance, Scenario, TimelinePlan
from mock_server.loading.data_error import DataError, Fault, shown
from mock_server.loading.faults import read_fault, read_faults
from mock_server.loading.profiles import limit_rule
from mock_server.loading.scenario_schema import scenario_check
from mock_server.loading.scenario_timeline import read_timeline
from mock_server.loading.yaml_document import Document, count_values, json_path

# The words of a file for the states of a key that the keyring knows.
KEY_STATES = {"valid": "valid", "revoked": "revoked", "out_of_credit": "no_credit"}
# Saying what is wrong takes far longer than finding out that something is. Only queues of faults
# are long where a run was exported, and those are not held against the schema.
MOST_VALUES = 5_000
_MOST_WRONG = 50
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Parts:
    """What a file says; None, or a key left out, where it says nothing."""

    title: str | None = None
    why: str | None = None
    seed: int | None = None
    profile: str | None = None
    timelines: tuple[TimelinePlan, ...] | None = None
    queues: Mapping[str, tuple[Planned, ...]] = field(default_factory=dict)
    limits: tuple[LimitRule, ...] | None = None
    chaos: Mapping[str, tuple[Chance, ...]] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expect: tuple[str, ...] | None = None
    client: ClientPlan | None = None
    results_host: str | None = None

    def over(self, base: "Parts") -> "Parts":
        """These parts laid over those of the story that they extend."""
        changes: dict[str, Any] = {}
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(base, one.name)
            if isinstance(mine, Mapping):
                changes[one.name] = {**theirs, **mine}
            else:
                changes[one.name] = theirs if mine is None else mine
        return Parts(**changes)

    def scenario(self, name: str) -> Scenario:
        """The story of that name."""
        usual = Scenario()
        states = {key: KEY_STATES[word] for word, keys in self.keys.items() for key in keys}
        return Scenario(
            name=name,
            title=self.title or usual.title,
            why=self.why or usual.why,
            seed=self.seed or 0,
            profile=self.profile,
            timelines=self.timelines or (USUAL,),
            plan=Plan({name: queue for name, queue in self.queues.items() if queue}),
            limits=self.limits or (),
            chaos=self.chaos,
            keys=states,
            expect=self.expect or (),
            client=self.client or usual.client,
            results_host=self.results_host,
        )


def check_scenario(document: Document, file: Path | str) -> None:
    """Hold a document against the schema; raises :class:`DataError` with lines."""
    value = document.value
    rest = {k: v for k, v in value.items() if k != "faults"} if isinstance(value, dict) else value
    if count_values(rest, MOST_VALUES) > MOST_VALUES:
        raise DataError(file, [Fault("$", f"at most {MOST_VALUES} values beside faults", "more")])
    try:
        scenario_check().check(value, file)
    except DataError as error:
        _raise(tuple(map(_without_key, error.faults)), document, file)


def read_parts(document: Document, file: Path | str, contract: Contract) -> Parts:
    """The parts in a document that has passed the schema.

    Raises :class:`DataError` with the line of every place that is impossible all the same.
    """
    assert isinstance(document.value, dict)
    reader = _Reader(contract)
    parts = reader.parts(document.value)
    _raise(tuple(reader.wrong), document, file)
    return parts


def _raise(wrong: tuple[Fault, ...], document: Document, file: Path | str) -> None:
    if wrong:
        raise DataError(file, [_told(one, document) for one in wrong[:_MOST_WRONG]])


def _told(fault: Fault, document: Document) -> Fault:
    """The fault with its line, and short enough to be read."""
    line = document.line_of(fault.path)
    return replace(fault, line=line, expected=_cut(fault.expected))


def _without_key(fault: Fault) -> Fault:
    # An error may end up in a log, where no key belongs, not even a mistyped one.
    is_key = fault.path.startswith("$.keys.") and fault.path.endswith("]")
    return replace(fault, seen="another value") if is_key else fault


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


class _Reader:
    """Reads what has passed the schema and notes in ``wrong`` what is impossible all the same."""

    def __init__(self, contract: Contract) -> None:
        self.wrong: list[Fault] = []
        self._contract = contract

    def parts(self, value: Mapping[str, Any]) -> Parts:
        limits = value.get("limits")
        profile = value.get("profile")
        if profile not in (None, self._contract.name):
            self._refuse("$.profile", f"{self._contract.name}, the profile in use", shown(profile))
        return Parts(
            title=value.get("title"),
            why=value.get("why"),
            seed=value.get("seed"),
            profile=profile,
            timelines=self._timelines(value),
            queues={k: self._queue(k, v) for k, v in value.get("faults", {}).items()},
            limits=None if limits is None else self._limits(limits),
            chaos={k: self._chances(k, v) for k, v in value.get("chaos", {}).items()},
            keys=self._keys(value.get("keys", {})),
            expect=tuple(value["expect"]) if "expect" in value else None,
            client=read_client(value["client"]) if "client" in value else None,
            results_host=value.get("results_host"),
        )

    def _timelines(self, value: Mapping[str, Any]) -> tuple[TimelinePlan, ...] | None:
        if "timeline" in value and "tasks" in value:
            self._refuse("$.tasks", "either timeline or tasks", "both")
        if "timeline" in value:
            return self._timeline(value["timeline"], "$.timeline", None)
        if "tasks" not in value:
            return None
        rows = value["tasks"]
        found: tuple[TimelinePlan, ...] = ()
        for index, row in enumerate(rows):
            word = "then" if index else "first"
            times = row.get("times", None if index == len(rows) - 1 else 1)
            found += self._timeline(row[word], json_path(("tasks", index, word)), times)
        return found

    def _timeline(
        self, stages: list[dict[str, Any]], path: str, times: int | None
    ) -> tuple[TimelinePlan, ...]:
        plan, wrong = read_timeline(stages, path, times)
        self.wrong.extend(wrong)
        return () if plan is None else (plan,)

    def _queue(self, operation: str, spec: object) -> tuple[Planned, ...]:
        reasons = self._contract.catalogue.entries
        try:
            return read_faults(spec, json_path(("faults", operation)), reasons=reasons)
        except DataError as error:
            self.wrong.extend(error.faults)
            return ()

    def _chances(self, operation: str, rates: Mapping[str, float]) -> tuple[Chance, ...]:
        found = []
        for text, rate in rates.items():
            path = json_path(("chaos", operation, text))
            try:
                fault = read_fault(text, reasons=self._contract.catalogue.entries)
            except DataError as error:
                self.wrong.extend(replace(one, path=path) for one in error.faults)
            else:
                found.append(Chance(fault, float(rate)))
        total = sum(chance.rate for chance in found)
        if total > 1 + 1e-9:
            path = json_path(("chaos", operation))
            self._refuse(path, "rates of at most 1 together", f"{total:g}")
        return tuple(found)

    def _limits(self, limits: str | list[dict[str, Any]]) -> tuple[LimitRule, ...]:
        if isinstance(limits, str):
            return self._contract.limits
        for index, rule in enumerate(limits):
            for name, kind in (("per_second", TOKEN_BUCKET), ("window", SLIDING_WINDOW)):
                if name in rule and rule["kind"] != kind:
                    path = json_path(("limits", index, name))
                    self._refuse(path, f"{name} only for a {kind}", rule["kind"])
        return tuple(limit_rule(rule) for rule in limits)

    def _keys(self, keys: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
        seen: dict[str, str] = {}
        for word, row in keys.items():
            for index, key in enumerate(row):
                if key in seen:
                    path = json_path(("keys", word, index))
                    self._refuse(path, f"a key that is not {seen[key]}, too", "the same key")
                seen[key] = word
        return {word: tuple(row) for word, row in keys.items()}

    def _refuse(self, path: str, expected: str, seen: str) -> None:
        self.wrong.append(Fault(path, expected, seen))
