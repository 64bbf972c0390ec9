"""The README's tour runs word for word: every fenced block of it, in order, in one terminal.

What a block is for is said by its language and by an HTML comment on the line above it, which a
reader of the rendered page does not see:

==========================  ======================================================================
no comment, ``sh``          typed into the terminal; a command that fails ends the tour
no comment, ``python``      given to ``python`` as a program of its own, in the terminal's folder
``<!-- file: a/b.py -->``   written to that file; any language
``<!-- background -->``     ``sh``, started and left running; the tour goes on when it has printed
                            an address (``http://127.0.0.1:<port>``) whose port answers
``<!-- output -->``         what the block before it prints; ``...`` stands for anything; what a
                            background block prints may go on after it; any language
==========================  ======================================================================

Any other block is an error, as is a comment that marks no block: nothing is passed over. The
terminal is one bash, so variables and the folder last from block to block. It opens in a folder of
its own in which everything of the checkout stands as a link, so that ``make run`` works there and
nothing that the tour writes lands in the checkout; ``.venv`` is the environment of this test run,
and the tour must activate it as its reader would.
"""

import os
import re
import shlex
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import Output, Start

FENCE = re.compile(r"^\s*(?P<ticks>`{3,}|~{3,})\s*(?P<kind>[\w+-]*)")
MARKER = re.compile(r"^\s*<!--\s*(?P<word>file|background|output)\b:?\s*(?P<name>.*?)\s*-->\s*$")
COMMENT = re.compile(r"^\s*<!--")
ADDRESS = re.compile(r"https?://127\.0\.0\.1:(\d+)")

Play = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: the line of its fence, its language, its marker's word and file, its text.

    Without a marker ``word`` is ``run``.
    """

    line: int
    kind: str
    word: str
    name: str
    text: str


def blocks_of(readme: str) -> Iterator[Block]:
    """The fenced blocks of a README; a ValueError at the first that nothing would be done with."""
    lines = enumerate(readme.splitlines(), 1)
    above, above_number = "", 0
    for number, line in lines:
        if fence := FENCE.match(line):
            yield checked(block_from(number, fence, above, lines))
            above = ""
        elif line.strip():
            refuse_if(bool(MARKER.match(above)), above_number, "this comment marks no block")
            above, above_number = line, number
    refuse_if(bool(MARKER.match(above)), above_number, "this comment marks no block")


def block_from(
    number: int, fence: re.Match[str], above: str, lines: Iterator[tuple[int, str]]
) -> Block:
    """The block whose fence was read, up to its closing fence."""
    marker = MARKER.match(above)
    refuse_if(marker is None and COMMENT.match(above) is not None, number, f"unknown: {above}")
    indent = len(fence[0]) - len(fence[0].lstrip())
    text: list[str] = []
    for _, line in lines:
        if line.strip() == fence["ticks"]:
            word, name = (marker["word"], marker["name"]) if marker else ("run", "")
            return Block(number, fence["kind"], word, name, "".join(text))
        text.append(line[min(indent, len(line) - len(line.lstrip())) :] + "\n")
    raise ValueError(f"README line {number}: this block is never closed")


def checked(block: Block) -> Block:
    """The block itself, if its language goes with what is to be done with it."""
    kinds = {"run": ("sh", "python"), "background": ("sh",)}.get(block.word, (block.kind,))
    seen = f"a block of {block.kind or 'no language'!r}"
    advice = "mark it as <!-- file: name -->, <!-- background --> or <!-- output -->"
    refuse_if(block.kind not in kinds, block.line, f"{seen} would not be run; {advice}")
    refuse_if((block.word == "file") != bool(block.name), block.line, "a file, only it, has a name")
    return block


def refuse_if(is_wrong: bool, line: int, what: str) -> None:
    """Raise a ValueError that names the line of the README."""
    if is_wrong:
        raise ValueError(f"README line {line}: {what}")


class Terminal:
    """One bash in ``folder``, into which blocks are typed; ``desk`` keeps their texts."""

    def __init__(self, start: Start, folder: Path, desk: Path, env: Mapping[str, str]) -> None:
        self.folder = folder
        self._desk = desk
        self._numbers = count(1)
        shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
        self._process, self._printed = start(shell, folder, env)
        self._background: list[Output] = []

    def run(self, block: Block) -> str:
        """Type a block in; what it prints."""
        script = self._keep(block)
        typed = f". {script} </dev/null" if block.kind == "sh" else f"python - <{script}"
        return self._type(typed)

    def leave_running(self, block: Block) -> Output:
        """Start a block and wait until the address that it prints answers."""
        script = self._keep(block)
        pipe = script.with_suffix(".pipe")
        os.mkfifo(pipe)
        self._type(f"( . {script} ) >{pipe} 2>&1 </dev/null &")
        output = Output(pipe.open(encoding="utf-8", errors="replace"))
        self._background.append(output)
        port = int(output.wait_for(ADDRESS)[1])
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
        return output

    def close(self) -> None:
        """Stop what was left running, and see it end."""
        os.killpg(self._process.pid, signal.SIGTERM)
        for output in self._background:
            output.wait_for_end()

    def _keep(self, block: Block) -> Path:
        script = self._desk / f"{next(self._numbers)}.{block.kind}"
        script.write_text(block.text, "utf-8")
        return script

    def _type(self, command: str) -> str:
        before = len(self._printed.text)
        end = f"block {next(self._numbers)} of the tour has ended"
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\nprintf '\\n%s\\n' {shlex.quote(end)}\n")
        self._process.stdin.flush()
        self._printed.wait_for(re.compile(rf"^{end}$", re.MULTILINE))
        return self._printed.text[before:].partition(f"\n{end}")[0]


def play(readme: str, terminal: Terminal) -> None:
    """Do with each block what it is for; an error carries a note that names the block's line."""
    last: str | Output | None = None
    for block in list(blocks_of(readme)):
        try:
            match block.word:
                case "file":
                    write_file(block, terminal.folder)
                case "background":
                    last = terminal.leave_running(block)
                case "output":
                    compare(block, last)
                case _:
                    last = terminal.run(block)
        except (AssertionError, OSError) as error:
            error.add_note(f"README line {block.line}: this block failed:\n{block.text}")
            raise


def write_file(block: Block, folder: Path) -> None:
    """Write a file block below ``folder``, never through a link into the checkout."""
    path = (folder / block.name).resolve()
    outside = not path.is_relative_to(folder.resolve())
    refuse_if(outside, block.line, f"{block.name} is not inside the tour's own folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")


def compare(block: Block, last: str | Output | None) -> None:
    """Hold an output block against what the block before it printed."""
    expected = ".*".join(re.escape(part) for part in block.text.strip().split("..."))
    if isinstance(last, Output):
        last.wait_for(re.compile(rf"\A\s*{expected}", re.DOTALL))
        return
    refuse_if(last is None, block.line, "no block before this one prints anything")
    if not re.fullmatch(expected, (last or "").strip(), re.DOTALL):
        raise AssertionError(f"expected\n{block.text}\nbut seen\n{last}")


@pytest.fixture
def tour(
    project: Path, tmp_path: Path, start: Start, plain_environment: Mapping[str, str]
) -> Iterator[Play]:
    """``tour(readme)`` plays a README in a terminal as a new reader of the checkout has it."""
    folder, desk = tmp_path / "checkout", tmp_path / "desk"
    folder.mkdir()
    desk.mkdir()
    for entry in project.iterdir():
        if entry.name not in (".git", ".venv"):
            (folder / entry.name).symlink_to(entry)
    (folder / ".venv").symlink_to(sys.prefix)
    terminal = Terminal(start, folder, desk, plain_environment)
    yield lambda readme: play(readme, terminal)
    terminal.close()


def test_the_readme_runs_word_for_word(project: Path, tour: Play) -> None:
    tour((project / "README.md").read_text("utf-8"))


def test_blocks_run_in_order_and_share_one_terminal(tour: Play) -> None:
    tour(
        "# A tour\n```sh\nname=lamp\nmkdir shop && cd shop\n```\nThen:\n\n"
        "```sh\necho a $name in $(basename $PWD)\n```\n"
        "<!-- output -->\n```text\na lamp in shop\n```\n"
    )


def test_a_file_is_written_and_a_python_block_finds_it(tour: Play) -> None:
    tour(
        "<!-- file: lamps/red.py -->\n```python\nCOLOUR = 'red'\n```\n"
        "```sh\n. .venv/bin/activate\n```\n"
        "1. Ask:\n   ```python\n   from lamps.red import COLOUR\n   print(COLOUR)\n   ```\n"
        "<!-- output -->\n```\nred\n```\n"
    )


def test_a_background_block_is_waited_for_and_its_first_words_are_compared(tour: Play) -> None:
    tour(
        "```sh\n. .venv/bin/activate\n```\n"
        "<!-- background -->\n```sh\npython -u -m http.server 0 --bind 127.0.0.1\n```\n"
        "<!-- output -->\n```text\nServing HTTP on 127.0.0.1 port ...\n```\n"
        "```sh\necho still here\n```\n<!-- output -->\n```text\nstill ...\n```\n"
    )


@pytest.mark.parametrize(
    ("readme", "message"),
    [
        ("# A\n\n```yaml\na: 1\n```\n", "line 3: a block of 'yaml' would not be run"),
        ("```\nmake\n```\n", "line 1: a block of 'no language' would not be run"),
        ("~~~console\n$ make\n~~~\n", "line 1: a block of 'console' would not be run"),
        ("<!-- background -->\n```python\n1\n```\n", "line 2: a block of 'python' would not"),
        ("<!-- ouptut -->\n```sh\ntrue\n```\n", "line 2: unknown: <!-- ouptut -->"),
        ("<!-- file: -->\n```sh\ntrue\n```\n", "line 2: a file, only it, has a name"),
        ("<!-- output -->\n\nwords\n\n```sh\n:\n```", "line 1: this comment marks no block"),
        ("```sh\n:\n```\n<!-- output -->\n", "line 4: this comment marks no block"),
        ("```sh\ntrue\n", "line 1: this block is never closed"),
        ("<!-- output -->\n```\na\n```\n", "line 2: no block before this one prints"),
        ("<!-- file: ../a -->\n```\na\n```\n", "line 2: ../a is not inside the tour's own folder"),
        ("<!-- file: tests/a -->\n```\na\n```\n", "line 2: tests/a is not inside the tour's own"),
    ],
)
def test_a_block_that_would_be_passed_over_is_refused(
    tour: Play, readme: str, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        tour(readme)


def test_a_command_that_fails_in_the_middle_of_a_block_ends_the_tour(tour: Play) -> None:
    with pytest.raises(AssertionError) as failed:
        tour("# A\n```sh\necho before\nfalse\necho after\n```\n")
    assert "README line 2" in failed.value.__notes__[0]
    assert "after" not in str(failed.value).partition("in:\n")[2]


def test_an_output_that_differs_ends_the_tour(tour: Play) -> None:
    with pytest.raises(AssertionError, match=re.escape("expected\n13 ...\n\nbut seen\n12 lamps")):
        tour("```sh\necho 12 lamps\n```\n<!-- output -->\n```text\n13 ...\n```\n")


def test_a_background_block_that_ends_without_an_address_ends_the_tour(tour: Play) -> None:
    with pytest.raises(AssertionError, match="the output ended without") as failed:
        tour("<!-- background -->\n```sh\necho no address\n```\n")
    assert "no address" in str(failed.value)
