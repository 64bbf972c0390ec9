"""Claims as Python statements."""

from collections.abc import Iterable, Iterator

from contract_tests.server import claim as c
from contract_tests.server.conversation import Key, Path
from contract_tests.server.reproduction.python_steps import variable

_KEYS = {Key.OWN: "OWN", Key.OTHER: "OTHER"}
_TYPES = {
    "integer": "int",
    "number": "float",
    "string": "str",
    "boolean": "bool",
    "object": "dict",
    "array": "list",
    "null": "None",
}
_SIGNS = {"at_least": ">=", "shortest": ">=", "at_most": "<=", "longest": "<="}


def imports_of(claims: Iterable[c.Claim]) -> set[str]:
    """The imports that claims need."""
    found = set()
    for claim in claims:
        if isinstance(claim, c.Picture):
            found.add("import io")
        if isinstance(claim, c.Echoed):
            found.add("import json")
        test = getattr(claim, "test", None)
        if isinstance(test, c.Test) and test.kind == "matches":
            found.add("import re")
    return found


def given_statements(claim: c.Claim, *, is_condition: bool) -> Iterator[str]:
    """What has to hold first: else the promise says nothing, or the test has not got that far."""
    on = variable(claim.on)
    match claim:
        case c.Status(codes=codes):
            test = f"{on}.status_code in {codes!r}"
        case c.Ended(words=words):
            test = f'at({on}, "status") in {words!r}'
        case c.SameStatus(other=other):
            test = f"{on}.status_code == {variable(other)}.status_code"
        case _:
            raise AssertionError(claim)
    if is_condition:
        yield f"if not ({test}):"
        yield "    return"
    else:
        yield f'assert {test}, "not reached"'


def claim_statements(claim: c.Claim, awaits: set[str]) -> Iterator[str]:
    """The claim as assertions."""
    is_await = claim.on in awaits
    on = variable(claim.on)
    each = f"for reply in {on}_all:" if is_await else f"reply = {on}"
    space = "    " if is_await else ""
    match claim:
        case c.Status(codes=codes):
            yield f"assert {on}.status_code in {codes!r}"
        case c.Value():
            yield each
            yield f"{space}assert {_value(claim)}"
        case c.Media(types=types):
            first = f'{on}.headers.get("content-type", "").partition(";")[0].strip().lower()'
            yield f"assert {first} in {types!r}"
        case c.Field(name=name, test=test):
            yield f"value = {on}.headers.get({name!r}, MISSING)"
            yield f"assert {_field(test)}"
        case c.Secret(key=key):
            yield f'secret = {_KEYS[key]}["Authorization"].removeprefix("Bearer ")'
            yield f"assert secret not in {on}.text and secret not in str({on}.headers.raw)"
        case c.Ended(words=words):
            yield f'assert at({on}, "status") in {words!r}'
        case c.Picture(across=across, down=down):
            yield f"width, height = Image.open(io.BytesIO({on}.content)).size"
            yield f"assert abs((width * {down}) / (height * {across}) - 1) < 0.02"
        case _:
            yield from _related(claim, on, is_await)


def _value(claim: c.Value) -> str:
    conditions = f"reply.status_code != {claim.code}"
    if claim.status_word is not None:
        conditions += f' or at(reply, "status") != {claim.status_word!r}'
    return f"{conditions} or ({passes(_at('reply', claim.path), claim.test)})"


def _related(claim: c.Claim, on: str, is_await: bool) -> Iterator[str]:
    match claim:
        case c.Compare():
            yield from _compared(claim, on, is_await)
        case c.Echoed(path=path, other=other, sent=sent):
            places = "".join(f"[{part!r}]" for part in sent)
            order = f"json.loads({variable(other)}.request.content){places}"
            yield f"assert {_at(on, path)} == {order}"
        case c.Rising(path=path, order=order, but=but):
            which = f' if at(reply, "status") != {but!r}' if but is not None else ""
            value = _rank(_at("reply", path), order)
            yield f"values = [{value} for reply in {on}_all{which}]"
            yield "assert values == sorted(values)"
        case c.Growth(other=other, base=base, path=path, factor=factor):
            start, middle = _at(variable(base), path), _at(variable(other), path)
            yield f"assert {_at(on, path)} - {middle} == {factor:g} * ({middle} - {start})"
        case c.SameStatus(other=other):
            yield f"assert {on}.status_code == {variable(other)}.status_code"
        case c.SameField(other=other, name=name):
            yield f"assert {on}.headers.get({name!r}) == {variable(other)}.headers.get({name!r})"
        case c.FieldStep(other=other, name=name, plus=plus):
            theirs = f"int({variable(other)}.headers[{name!r}])"
            yield f"assert int({on}.headers[{name!r}]) == {theirs} + {plus}"
        case c.SentBytes(other=other):
            form = f"{variable(other)}.request.read()"
            yield f"assert {on}.content and {on}.content in {form}"


def _compared(claim: c.Compare, on: str, is_await: bool) -> Iterator[str]:
    is_one = claim.on == claim.other
    plus = f" + {claim.plus:g}" if claim.plus else ""
    yield f"for reply in {on}_all:" if is_await else f"reply = {on}"
    space = "    " if is_await else ""
    theirs = _rank(_at("reply" if is_one else variable(claim.other), claim.other_path), claim.order)
    mine = _at("reply", claim.path)
    checks = f"{_rank(mine, claim.order)} {claim.relation} {theirs}{plus}"
    if claim.but is not None:
        checks = f'at(reply, "status") == {claim.but!r} or {checks}'
    elif is_one or is_await:
        checks = f"{mine} is MISSING or {checks}"
    yield f"{space}assert {checks}"


def _rank(value: str, order: tuple[str, ...]) -> str:
    return f"{list(order)!r}.index({value})" if order else value


def _at(reply: str, path: Path) -> str:
    return f"at({', '.join((reply, *map(repr, path)))})"


def _field(test: c.Test) -> str:
    if test.kind in ("at_least", "at_most"):
        return f"value is not MISSING and int(value) {_SIGNS[test.kind]} {test.value}"
    return passes("value", test)


def passes(value: str, test: c.Test) -> str:
    """An expression that is true where a value passes a test."""
    wanted, sign = test.value, _SIGNS.get(test.kind, "")
    kinds = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    types = ", ".join(_TYPES.get(str(kind), "str") for kind in kinds)
    written = {
        "present": f"{value} is not MISSING",
        "json": f"{value} is not MISSING",
        "absent": f"{value} is MISSING",
        "type": f"type({value}) in ({types},)",
        "equals": f"{value} == {wanted!a}",
        "one_of": f"{value} in {wanted!r}",
        "at_least": f"{value} {sign} {wanted}",
        "at_most": f"{value} {sign} {wanted}",
        "shortest": f"{value} is not MISSING and len({value}) {sign} {wanted}",
        "longest": f"{value} is not MISSING and len({value}) {sign} {wanted}",
        "matches": f"re.search({wanted!r}, str({value})) is not None",
        "lists": f"any(row['id'] == {wanted!r} for row in {value})",
    }
    return written[test.kind]
