"""From the places in which a reply breaks a schema to claims that say so."""

from contract_tests.finding import Words
from contract_tests.server.claim import Claim, Test, Value
from contract_tests.server.promises import Promises, Wrong
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach
from mock_server.core.exchange import NO_JSON
from mock_server.loading.yaml_document import json_path

_TESTS = {
    "type": "type",
    "const": "equals",
    "enum": "one_of",
    "minimum": "at_least",
    "maximum": "at_most",
    "minLength": "shortest",
    "maxLength": "longest",
    "minItems": "shortest",
    "maxItems": "longest",
    "pattern": "matches",
}
_JSON = Test("json")


def status_word(call: Seen) -> str | None:
    """The status that a reply gives a task, for what is promised depends on it."""
    word = call.value("status")
    is_task = call.operation in ("submit", "status") and call.is_accepted
    return word if is_task and isinstance(word, str) else None


def schema_breaches(call: Seen, schema: str, promises: Promises) -> list[Breach]:
    """One breach for each place in which a reply's JSON breaks the schema of that name."""
    value = call.value()
    if value is NO_JSON:
        claim = Value(call.number, (), _JSON, call.status)
        return [Breach(Words("JSON ({schema})", {"schema": schema}), _start(call), (claim,))]
    wrongs = promises.wrongs(schema, value)
    return [
        Breach(
            Words("{schema}: {keyword} {expected}", _facts(schema, wrong)),
            Words("{message}", {"message": wrong.message[:200]}),
            (claim,),
            path=json_path(wrong.path),
        )
        for wrong in wrongs
        for claim in _claims(call, wrong)
    ]


def _facts(schema: str, wrong: Wrong) -> dict[str, object]:
    expected = wrong.expected
    shown = ", ".join(map(str, expected)) if isinstance(expected, (list, tuple)) else str(expected)
    return {"schema": schema, "keyword": wrong.keyword, "expected": shown[:100]}


def _start(call: Seen) -> Words:
    content = call.reply.content if call.reply else b""
    return Words("{text!r}", {"text": content[:60].decode("utf-8", "replace")})


def _claims(call: Seen, wrong: Wrong) -> list[Claim]:
    at, code, word = call.number, call.status, status_word(call)
    if wrong.path == ("status",):
        # The word itself is what is wrong, so nothing may depend on it.
        word = None
    if wrong.keyword == "required":
        return [Value(at, (*wrong.path, str(wrong.expected)), Test("present"), code, word)]
    if wrong.keyword in ("additionalProperties", "unevaluatedProperties"):
        assert isinstance(wrong.expected, tuple)
        return [
            Value(at, (*wrong.path, name), Test("absent"), code, word) for name in wrong.expected
        ]
    if wrong.keyword in ("not", "falseSchema"):
        return [Value(at, wrong.path, Test("absent"), code, word)]
    kind = _TESTS.get(wrong.keyword)
    return [Value(at, wrong.path, Test(kind, wrong.expected) if kind else _JSON, code, word)]
