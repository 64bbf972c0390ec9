"""Finding stories: by name, by path and by extension, and never beyond their folders."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_server.loading.data_error import DataError
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import load_scenario, read_scenario

Write = Callable[[str, str], None]

GUIDE = load_profile("guide")
OPENING = "title: A story\nwhy: To see it told.\n"


def test_an_unknown_name_is_answered_with_the_nearest_one(tmp_path: Path, write: Write) -> None:
    write("faults/lost-reply.yaml", OPENING)
    for wrong in ("lost-reply", "faults/lost-repl", "lost-repli"):
        with pytest.raises(DataError, match="did you mean 'faults/lost-reply'"):
            load_scenario(wrong, GUIDE, tmp_path)


@pytest.mark.parametrize("name", ["", "/", "..", "../faults", "\0", "a\nb", "faults/", "x" * 9_999])
def test_a_name_that_leads_nowhere_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="expected a scenario's name or the path of a YAML file"):
        load_scenario(name, GUIDE)


@pytest.mark.parametrize("path", ["nowhere.yaml", "/\0.yaml", "x" * 9_999 + ".yaml", ".yaml/a.yml"])
def test_a_path_without_a_file_is_refused(path: str) -> None:
    with pytest.raises(DataError, match=r"expected a (readable )?file, seen "):
        load_scenario(path, GUIDE)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(DataError, match="expected a file"):
        load_scenario(str(tmp_path / "folder.yaml"), GUIDE)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(DataError, match="expected a file"):
        load_scenario(str(tmp_path / "pipe.yaml"), GUIDE)


def test_a_file_that_is_no_text_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_bytes(b"title: A\nwhy: \xff\n")
    with pytest.raises(DataError, match=r"story\.yaml:2: \$: expected UTF-8, seen byte 14"):
        load_scenario(str(tmp_path / "story.yaml"), GUIDE)


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path, write: Write) -> None:
    write("story.yaml", "#" * 3_000_000)
    with pytest.raises(DataError, match="expected at most 1048576 bytes, seen more"):
        load_scenario(str(tmp_path / "story.yaml"), GUIDE)


def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    write("story.yaml", OPENING)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match="expected a readable file, seen Permission denied"):
        load_scenario(str(tmp_path / "story.yaml"), GUIDE)


def test_an_error_in_a_story_that_is_extended_names_its_file(tmp_path: Path, write: Write) -> None:
    write("a/base.yaml", f"{OPENING}seed: no\n")
    write("a/story.yaml", f"{OPENING}extends: a/base\n")
    with pytest.raises(DataError, match=r"a/base\.yaml:3: \$\.seed"):
        load_scenario("a/story", GUIDE, tmp_path)


@pytest.mark.parametrize(
    "extends",
    ["../secret.yaml", "./secret.yaml", "b/../../secret.yaml", "link.yaml", "folder.yaml", "x.txt"],
)
def test_a_story_reads_no_file_outside_its_folder(
    tmp_path: Path, write: Write, extends: str
) -> None:
    write("secret.yaml", f"{OPENING}seed: 42\n")
    write("mine/x.txt", OPENING)
    write("mine/story.yaml", f"{OPENING}extends: {extends}\n")
    (tmp_path / "mine/folder.yaml").mkdir()
    (tmp_path / "mine/link.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(DataError, match=r"story\.yaml:3: \$\.extends: expected the name of"):
        load_scenario(str(tmp_path / "mine/story.yaml"), GUIDE)


def test_an_absolute_path_cannot_be_extended(tmp_path: Path, write: Write) -> None:
    write("secret.yaml", OPENING)
    with pytest.raises(DataError, match=r"\$\.extends"):
        read_scenario(f"{OPENING}extends: {tmp_path}/secret.yaml\n", GUIDE)


def test_a_text_that_was_sent_extends_no_files() -> None:
    with pytest.raises(DataError, match=r"\$\.extends"):
        read_scenario(f"{OPENING}extends: story.yaml\n", GUIDE)


def test_stories_that_extend_each_other_are_refused(tmp_path: Path, write: Write) -> None:
    write("a/one.yaml", f"{OPENING}extends: a/two\n")
    write("a/two.yaml", f"{OPENING}extends: a/one\n")
    with pytest.raises(DataError, match=r"two\.yaml:3: .*does not lead back, seen 'a/one'"):
        load_scenario("a/one", GUIDE, tmp_path)


def test_a_story_that_extends_itself_is_refused(tmp_path: Path, write: Write) -> None:
    write("a/one.yaml", f"{OPENING}extends: one.yaml\n")
    with pytest.raises(DataError, match="does not lead back"):
        load_scenario("a/one", GUIDE, tmp_path)


def test_a_long_row_of_stories_is_refused(tmp_path: Path, write: Write) -> None:
    for number in range(12):
        write(f"a/s{number}.yaml", f"{OPENING}extends: a/s{number + 1}\n")
    write("a/s12.yaml", OPENING)
    assert load_scenario("a/s3", GUIDE, tmp_path).name == "a/s3"
    with pytest.raises(DataError, match="expected at most 10 stories"):
        load_scenario("a/s0", GUIDE, tmp_path)
