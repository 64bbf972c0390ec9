"""What holds for every fault, whatever its options."""

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.fault import Fault, Moment
from mock_server.core.script import Chunk, HangUp, Head, Raw, Reset, Wait, content_of, is_orderly
from mock_server.faults import PASS, fault_names, fault_types
from mock_server.faults.parts.base_fault import MOST_TEXT
from mock_server.faults.parts.chain import Chain
from mock_server.faults.parts.description import fault_table
from mock_server.loading.faults import read_fault
from tests.faults import values
from tests.faults.scenes import ordinary, scene, struck

NAMES = tuple(fault_types())


def test_every_file_of_the_folder_is_a_fault(project: Path) -> None:
    files = sorted((project / "mock_server" / "faults").glob("*.py"))
    assert [file.stem for file in files if file.stem != "__init__"] == list(NAMES)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"b/reset\.py: expected a name of its own"):
        fault_names([Path("b/reset.py"), Path("a/Reset.py")])


def test_a_fault_cannot_be_called_pass() -> None:
    with pytest.raises(ValueError, match="it lets a call through"):
        fault_names([Path("a/pass.py")])


def test_folders_and_other_files_are_no_faults() -> None:
    files = [Path("parts"), Path("__init__.py"), Path("notes.md"), Path("drip.py")]
    assert fault_names(files) == ("drip",)


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_says_what_it_does_and_why_one_would_want_it(name: str) -> None:
    described = {one.name: one for one in fault_table()}[name]
    assert described.what.endswith(".")
    assert len(described.why.split()) >= 15
    assert (fault_types()[name].__doc__ or "").count("Why: ") == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_option_of_a_fault_is_explained(name: str) -> None:
    described = {one.name: one for one in fault_table()}[name]
    assert all(option.doc and option.expected for option in described.options)


@given(values.faults(), st.floats(0, 1))
def test_a_fault_does_the_same_to_the_same_call(fault: Fault, chance: float) -> None:
    again = read_fault(fault.text)
    assert struck(fault, at=scene(chance=chance)) == struck(again, at=scene(chance=chance))


@given(values.faults())
def test_the_text_of_a_fault_reads_as_the_same_fault(fault: Fault) -> None:
    assert read_fault(fault.text) == fault


@given(values.faults())
def test_the_text_of_a_fault_fits_into_a_header_field(fault: Fault) -> None:
    assert fault.text.isascii()
    assert fault.text.isprintable()
    assert len(fault.text) <= MOST_TEXT


@given(values.faults())
def test_a_fault_can_be_stored_and_copied(fault: Fault) -> None:
    assert pickle.loads(pickle.dumps(fault)) == fault
    assert copy.deepcopy(fault) == fault


@given(values.faults(), st.binary(max_size=300))
def test_a_fault_always_leaves_a_script_that_can_be_played(fault: Fault, content: bytes) -> None:
    script = struck(fault, ordinary(content))
    assert script, "nothing at all would leave the caller without an answer or an end"
    if is_orderly(script):
        kinds = [type(step) for step in script if not isinstance(step, Wait)]
        assert kinds[0] is Head
        assert kinds.count(Head) == 1
        assert set(kinds[1:]) <= {Chunk}
    else:
        assert isinstance(script[-1], HangUp | Reset | Raw)


@given(values.faults(), st.binary(max_size=300))
def test_an_orderly_reply_announces_the_length_that_it_has(fault: Fault, content: bytes) -> None:
    script = struck(fault, ordinary(content))
    if is_orderly(script):
        head = next(step for step in script if isinstance(step, Head))
        assert dict(head.headers)[b"content-length"] == b"%d" % len(content_of(script))


@given(values.faults(), st.binary(max_size=300))
def test_no_header_field_of_a_fault_can_break_the_head(fault: Fault, content: bytes) -> None:
    for step in struck(fault, ordinary(content)):
        if isinstance(step, Head):
            assert all(name == name.lower().strip() and name for name, _ in step.headers)
            assert not any(set(b"\r\n\0") & set(value) for _, value in step.headers)


@given(values.faults())
def test_before_the_work_a_fault_needs_no_reply(fault: Fault) -> None:
    if fault.moment == "before":
        assert fault.rewrite((), scene())


@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_when_a_fault_can_strike(name: str) -> None:
    described = {one.name: one for one in fault_table()}[name]
    found: set[Moment] = set()
    for moment in ("", "before", "after"):
        text = f"{name}({', '.join(filter(None, (_NEEDED.get(name, ''), _moment(moment))))})"
        try:
            found.add(read_fault(text).moment)
        except ValueError:
            assert moment
    assert found == set(described.moments)


# What a fault cannot do without.
_NEEDED = {
    "body": "what=empty",
    "delay": "seconds=1",
    "fields": "drop=id",
    "headers": "drop=date",
    "status": "code=500",
}


def _moment(moment: str) -> str:
    return moment and f"moment={moment}"


def test_pass_is_no_fault() -> None:
    assert PASS not in NAMES


def test_a_chain_strikes_when_its_first_fault_does() -> None:
    assert read_fault("429 + gzip").moment == "before"
    assert read_fault("drip + cut").moment == "after"


def test_a_chain_applies_its_faults_one_after_the_other() -> None:
    both = read_fault("429 + delay(2)")
    assert struck(both) == (Wait(2.0), *struck("429"))


@pytest.mark.parametrize("text", ["reset + gzip", "cut + drip", "stall + delay(1)", "close + cut"])
def test_a_chain_cannot_go_on_behind_the_end_of_the_connection(text: str) -> None:
    with pytest.raises(ValueError, match="ends the connection only at the end"):
        read_fault(text)


def test_a_chain_of_nine_faults_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2 to 8 faults"):
        read_fault(" + ".join(["gzip"] * 9))


def test_a_chain_whose_text_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 4000 characters"):
        read_fault(" + ".join([f'body(content="{"a b" * 300}")'] * 5))


def test_a_chain_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2 to 8 faults"):
        Chain((fault_types()["gzip"](),))
