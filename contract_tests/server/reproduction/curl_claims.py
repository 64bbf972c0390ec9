"""Claims as commands of a shell script."""

from collections.abc import Iterator
from shlex import quote

from contract_tests.server import claim as c
from contract_tests.server.conversation import Key
from contract_tests.server.reproduction import jq
from contract_tests.server.reproduction.facts import Facts

_KEYS = {Key.OWN: "$API_KEY", Key.OTHER: "$OTHER_KEY"}

_FIRST_PART = 'split(";")[0]'


def claim_lines(claim: c.Claim, facts: Facts) -> Iterator[str]:
    """What stands behind ``given`` or ``promised``: words, and a command that is true."""
    on = claim.on
    match claim:
        case c.Status(codes=codes):
            shown = " ".join(map(str, codes))
            yield f"'{on}: status {shown}' codes {on} {shown}"
        case c.Media(types=types):
            test = _field(on, "content-type", c.Test("one_of", types), _FIRST_PART)
            yield f"'{on}: Content-Type' {test}"
        case c.Field(name=name, test=test):
            yield f"'{on}: {name}' {_field(on, name, test)}"
        case c.Value():
            yield f"{_words(claim)} json {on} '{_value(claim)}'"
        case c.Secret(key=key):
            yield f"'{on}: the key is not in it' {_secret(on, key)}"
        case c.Picture(across=across, down=down):
            yield f"'{on}: an image of {across}:{down}' picture {on} {across} {down}"
        case c.Ended(words=words):
            named = ", ".join(map(jq.literal, words))
            yield f"'{on}: ended' jq --exit-status '.status | IN({named})' \"$dir/{on}\""
        case _:
            yield from _relations(claim)


def _relations(claim: c.Claim) -> Iterator[str]:
    on = claim.on
    match claim:
        case c.Compare():
            yield f"{_compared(claim)}"
        case c.Echoed(path=path, other=other, sent=sent):
            test = f"($sent[0] | {jq.at(sent)}) as $sent | {jq.at(path)} == $sent"
            files = f'--slurpfile sent "$dir/{other}.sent" \'{test}\' "$dir/{on}"'
            yield f"'{on}: as {other} sent it' jq --exit-status {files}"
        case c.Rising():
            yield f"'{on}: never falls' {_rising(claim)}"
        case c.Growth(other=other, base=base):
            yield f"'{on}: by the number of images' {_growth(claim, other, base)}"
        case c.SameStatus(other=other):
            yield f'\'{on}: the status of {other}\' cmp -s "$dir/{on}.code" "$dir/{other}.code"'
        case c.SameField(other=other, name=name):
            same = f'test "$(field {on} {name})" = "$(field {other} {name})"'
            yield f"'{on}: {name} as of {other}' {same}"
        case c.FieldStep(other=other, name=name, plus=plus):
            yield f"'{on}: {name} is that of {other} {plus:+}' {_field_step(claim, other)}"
        case c.SentBytes(other=other):
            same = f'cmp -s "$dir/{on}" "$dir/{other}.file0"'
            yield f"'{on}: the bytes that {other} sent' {same}"


def _words(claim: c.Value) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in claim.path)
    return quote(f"{claim.on}: {path or 'JSON'} {claim.test.kind}")


def _value(claim: c.Value) -> str:
    which = f".code == {claim.code}"
    if claim.status_word is not None:
        which += f" and (try .body.status catch null) == {jq.literal(claim.status_word)}"
    if claim.test.kind == "json":
        return f"if {which} then .json else true end"
    return f"if {which} then (.body | {jq.passes(claim.path, claim.test)}) else true end"


def _field(on: c.At, name: str, test: c.Test, first: str = ".") -> str:
    """A test of a header field, which is a text; an absent one is null."""
    value = f'--arg value "$(field {on} {name})"'
    read = f'$value | if . == "" then null else {first} end'
    if test.kind == "present":
        return f"jq --null-input --exit-status {value} '{read} | . != null'"
    if test.kind in ("at_least", "at_most"):
        read += " | try tonumber catch null"
    return f"jq --null-input --exit-status {value} '{read} | {jq.passes((), test)}'"


def _field_step(claim: c.FieldStep, other: c.At) -> str:
    values = f'--arg mine "$(field {claim.on} {claim.name})"'
    values += f' --arg theirs "$(field {other} {claim.name})"'
    test = f"($mine | tonumber) == ($theirs | tonumber) + {claim.plus}"
    return f"jq --null-input --exit-status {values} '{test}'"


def _secret(on: c.At, key: Key) -> str:
    search = f'grep -qF -- "{_KEYS[key]}" "$dir/{on}" "$dir/{on}.head"'
    return f"eval '! {search}'"


def _compared(claim: c.Compare) -> str:
    on, other = claim.on, claim.other
    plus = f" + {claim.plus:g}" if claim.plus else ""
    words = quote(f"{on}: {'.'.join(map(str, claim.path))} {claim.relation}{plus}")
    mine, theirs = jq.rank(jq.at(claim.path), claim.order), jq.at(claim.other_path)
    if on == other:
        both = f"({jq.at(claim.path)} == null) or ({mine} {claim.relation} ({theirs}{plus}))"
        return f"{words} json {on} '.body | {both}'"
    theirs = jq.rank(f"($other[0] | {theirs})", claim.order)
    which = f"select(.status != {jq.literal(claim.but)}) | " if claim.but else ""
    test = f"all(.[].body | {which}{mine}; . {claim.relation} ({theirs}{plus}))"
    files = f'--slurpfile other "$dir/{other}" \'{test}\' "$dir/{on}.all"'
    return f"{words} jq --slurp --exit-status {files}"


def _rising(claim: c.Rising) -> str:
    which = f"select(.status != {jq.literal(claim.but)}) | " if claim.but else ""
    value = jq.rank(jq.at(claim.path), claim.order)
    values = f"[.[].body | {which}{value} | select(. != null)]"
    test = f"{values} | . as $all | all(range(1; length); $all[.] >= $all[. - 1])"
    return f"jq --slurp --exit-status '{test}' \"$dir/{claim.on}.all\""


def _growth(claim: c.Growth, other: c.At, base: c.At) -> str:
    path = jq.at(claim.path)
    test = f"[.[] | {path}] | (.[2] - .[1]) == {claim.factor:g} * (.[1] - .[0])"
    files = " ".join(f'"$dir/{name}"' for name in (base, other, claim.on))
    return f"jq --slurp --exit-status '{test}' {files}"
