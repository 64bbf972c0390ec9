"""The project speaks of itself alone: no paths of one machine, no registries, nothing left open."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

# Written in pieces, so that this file may be read by its own test.
FORBIDDEN = {
    "a path of one machine": re.compile(
        r"(?<![\w.])/(?:" + "wo" + "rk|" + "op" + "t|" + "ro" + "ot)/|/" + "tm" + r"p/[A-Za-z]"
    ),
    "a registry host": re.compile(
        "py" + r"pi\.org|python" + r"hosted\.org|registry\.np" + r"mjs|registry\.ya" + "rnpkg"
    ),
    "a note of something left open": re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b"),
}


def test_no_file_speaks_of_one_machine_of_registries_or_of_things_left_open(project: Path) -> None:
    assert list(forbidden_words(project, tracked_files(project))) == []


def test_the_files_of_the_project_are_found(project: Path) -> None:
    assert "tests/test_project_words.py" in tracked_files(project)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("cd /wo" + "rk/main", "a path of one machine"),
        ('open("/op' + 't/data")', "a path of one machine"),
        ("see /ro" + "ot/notes", "a path of one machine"),
        ("in /tm" + "p/brief.md", "a path of one machine"),
        ("https://py" + "pi.org/simple", "a registry host"),
        ("https://registry.np" + "mjs.org/", "a registry host"),
        ("# TO" + "DO: later", "a note of something left open"),
        ("// FIX" + "ME", "a note of something left open"),
        ("XX" + "X", "a note of something left open"),
    ],
)
def test_a_forbidden_word_is_reported_with_its_file_and_line(
    tmp_path: Path, line: str, what: str
) -> None:
    (tmp_path / "notes.md").write_text(f"fine\n{line}\n", "utf-8")
    assert list(forbidden_words(tmp_path, ["notes.md"])) == [f"notes.md:2: {what}: {line}"]


@pytest.mark.parametrize(
    "line",
    ["https://example.com/wo" + "rk/1", "mkdir -p build/op" + "t/x", "sk-XX" + "XX", "a mastodon"],
)
def test_words_that_only_look_alike_are_allowed(tmp_path: Path, line: str) -> None:
    (tmp_path / "notes.md").write_text(line, "utf-8")
    assert list(forbidden_words(tmp_path, ["notes.md"])) == []


def test_pictures_are_not_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\0 TO" + b"DO ")
    assert list(forbidden_words(tmp_path, ["a.png"])) == []


def forbidden_words(root: Path, names: Iterable[str]) -> Iterator[str]:
    """Each line of the named files that holds a forbidden word, with its place."""
    for name in names:
        content = (root / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            for what, pattern in FORBIDDEN.items():
                if pattern.search(line):
                    yield f"{name}:{number}: {what}: {line.strip()}"


def tracked_files(project: Path) -> list[str]:
    """What git keeps or would keep: a new file is read before it is added, not only after."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listing.returncode == 0, f"git cannot list the files of {project}: {listing.stderr}"
    names = listing.stdout.split("\0")
    # A file that was deleted but not yet removed from the index is listed and cannot be read.
    return sorted(name for name in set(names) if name and (project / name).is_file())
