"""The faults described for people and for editors: a table, and JSON Schema of what a file says."""

from dataclasses import dataclass
from inspect import cleandoc

from mock_server.faults import PASS, fault_types
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.notation import MOST_TIMES
from mock_server.faults.parts.options import Option, options_of

Schema = dict[str, object]
_CODE = "[45][0-9][0-9]"
_TIMES: Schema = {
    "description": 'how many calls in a row it strikes; "*" for all that follow',
    "anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST_TIMES}, {"const": "*"}],
    "default": 1,
}


@dataclass(frozen=True, slots=True)
class OptionDescription:
    """One option: what it may be, what it is by default (None: not there) and what it does."""

    name: str
    expected: str
    default: object
    doc: str


@dataclass(frozen=True, slots=True)
class FaultDescription:
    """One fault: what happens, why one would want that, and its options in order.

    ``moments`` are when it can strike, the usual one first.
    """

    name: str
    what: str
    why: str
    moments: tuple[str, ...]
    options: tuple[OptionDescription, ...]


def fault_table() -> tuple[FaultDescription, ...]:
    """Every fault, sorted by name."""
    return tuple(_described(name, fault) for name, fault in fault_types().items())


def fault_schema() -> Schema:
    """JSON Schema definitions of what stands in a queue of faults, by name, for a ``$defs``.

    ``fault_queue`` is all of an operation, ``fault_entry`` one entry, ``fault_text`` its short form
    and ``fault_<name>`` its long form. They refer to each other as ``#/$defs/...``.
    """
    names = tuple(fault_types())
    long_forms = {f"fault_{name}": _long_form(name, fault_types()[name]) for name in names}
    long_forms["fault_by_code"] = _by_code(fault_types()["status"])
    long_forms["fault_pass"] = _object(PASS, "Lets calls through.", {})
    entry = [{"$ref": f"#/$defs/{name}"} for name in ("fault_text", *long_forms)]
    code = {"type": "integer", "minimum": 400, "maximum": 599}
    one = {"$ref": "#/$defs/fault_entry"}
    return {
        "fault_queue": {"anyOf": [one, {"type": "array", "items": one}]},
        "fault_entry": {"anyOf": [code, *entry]},
        "fault_text": _short_form(names),
        **long_forms,
    }


def _described(name: str, fault: type[BaseFault]) -> FaultDescription:
    what, _, why = cleandoc(fault.__doc__ or "").partition("\n\n")
    options = options_of(fault)
    moment = options.get("moment")
    usual = "after" if moment is None else str(moment.default)
    other = () if moment is None else ({"before": "after", "after": "before"}[usual],)
    return FaultDescription(
        name=name,
        what=" ".join(what.split()),
        why=" ".join(why.removeprefix("Why: ").split()),
        moments=(usual, *other),
        options=tuple(
            OptionDescription(one.name, one.kind.expected, _default(one), one.doc)
            for one in options.values()
        ),
    )


def _default(one: Option) -> object:
    return None if one.default is None else one.kind.tell(one.default)


def _short_form(names: tuple[str, ...]) -> Schema:
    known = "|".join((PASS, *names, _CODE))
    return {
        "description": "a fault, its options in brackets, and how often: 429(retry_after=2) x3",
        "anyOf": [
            {"enum": [PASS, *names]},
            {"type": "string", "pattern": rf"^\s*({known})(\s|\(|\+|$)"},
        ],
    }


def _long_form(name: str, fault: type[BaseFault]) -> Schema:
    return _object(name, _described(name, fault).what, _options(fault))


def _by_code(status: type[BaseFault]) -> Schema:
    """The fault ``status`` with its code in the place of the name."""
    options = {name: schema for name, schema in _options(status).items() if name != "code"}
    form = _object("status", _described("status", status).what, options)
    numbers = {"type": "integer", "minimum": 400, "maximum": 599}
    names = {"type": "string", "pattern": f"^{_CODE}$"}
    properties = {"fault": {"anyOf": [numbers, names]}, "times": _TIMES, **options}
    return {**form, "properties": properties}


def _options(fault: type[BaseFault]) -> Schema:
    return {
        one.name: {**one.kind.schema, "description": one.doc} for one in options_of(fault).values()
    }


def _object(name: str, what: str, options: Schema) -> Schema:
    return {
        "description": what,
        "type": "object",
        "properties": {"fault": {"const": name}, "times": _TIMES, **options},
        "required": ["fault"],
        "additionalProperties": False,
    }
