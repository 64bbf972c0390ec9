"""What is read from the kernel's files."""

import os

import pytest

from benchmarks.process import (
    cores,
    cpu_seconds,
    on_all_cores,
    open_files,
    ready,
    ready_seconds,
    resident,
)

# Fields 14 to 17 of a stat line are user and system time, of the process and of ended children.
STAT = "42 (a) name) S 1 42 42 0 -1 0 0 0 0 0 100 30 20 5 20 0 1 0 99"


def test_cpu_time_is_user_and_system_time_with_those_of_ended_children() -> None:
    assert cpu_seconds(STAT) * os.sysconf("SC_CLK_TCK") == pytest.approx(155)


def test_a_process_has_work_while_it_runs_and_while_it_waits_for_a_core() -> None:
    assert ready("1500000000 250000000 7\n") == 1.75


def test_resident_memory_is_told_in_megabytes_of_a_million_bytes() -> None:
    assert resident("Name:\tpython\nVmRSS:\t   1000 kB\nThreads:\t1\n") == pytest.approx(1.024)


def test_this_process_has_had_work_and_has_open_files() -> None:
    assert ready_seconds(os.getpid()) > 0
    assert open_files(os.getpid()) > 0


def test_what_is_started_from_the_core_of_the_load_may_have_all_cores() -> None:
    all_cores = set(cores())
    held = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cores()[-1]})
    try:
        with on_all_cores():
            assert os.sched_getaffinity(0) == all_cores
        assert os.sched_getaffinity(0) == {cores()[-1]}
    finally:
        os.sched_setaffinity(0, held)
