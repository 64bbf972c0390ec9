"""Folders for jobs are always empty, and made as seldom as can be."""

from pathlib import Path

from contract_tests.exam.folders import Folders


def test_a_folder_that_stayed_empty_is_lent_again(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    first = folders.lend()
    folders.take_back(first)
    assert folders.lend() == first


def test_files_that_were_left_in_a_folder_are_gone_when_it_is_lent_again(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    first = folders.lend()
    (first / "image.png").write_bytes(b"left behind")
    folders.take_back(first)
    assert folders.lend() == first
    assert list(first.iterdir()) == []


def test_a_folder_in_which_more_than_files_was_left_is_not_lent_again(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    first = folders.lend()
    (first / "images").mkdir()
    folders.take_back(first)
    assert not first.exists()
    assert list(folders.lend().iterdir()) == []


def test_two_jobs_have_two_folders(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    assert folders.lend() != folders.lend()


def test_a_folder_that_the_client_removed_is_no_trouble(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    first = folders.lend()
    first.rmdir()
    folders.take_back(first)
    assert folders.lend().is_dir()
