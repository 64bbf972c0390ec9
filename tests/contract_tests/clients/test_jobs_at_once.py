"""How many jobs are given out at once follows from the machine and from what a start costs."""

import pytest

from contract_tests.clients.jobs_at_once import default_jobs


@pytest.mark.parametrize(
    ("start_up_seconds", "cores", "expected"),
    [(0.5, 2, 48), (0.25, 2, 96), (0.005, 2, 200), (0.0, 1, 200), (30.0, 1, 2), (30.0, 4, 8)],
)
def test_a_client_that_starts_fast_is_given_more_jobs_within_bounds(
    start_up_seconds: float, cores: int, expected: int
) -> None:
    assert default_jobs(start_up_seconds, cores) == expected


def test_processes_take_no_more_than_half_of_the_memory() -> None:
    gibibytes = 2**30
    assert default_jobs(0.1, 2, memory=2 * gibibytes) == 32
    assert default_jobs(0.1, 2, memory=64 * gibibytes) == 200
    assert default_jobs(0.1, 2, memory=0) == 4


def test_where_time_runs_faster_a_start_takes_more_of_it() -> None:
    assert default_jobs(0.1, 2, speed=10) == default_jobs(1.0, 2) == 24
