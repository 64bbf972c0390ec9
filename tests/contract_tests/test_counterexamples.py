"""What is wrong with a client is shown by a story with hardly a fault in it."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from tests.bad_clients.catalogue import BAD_CLIENTS
from tests.bad_clients.counterexamples import smallest

ProofSize = Callable[[int, int], int]
IN_PYTHON = [bad for bad in BAD_CLIENTS if bad.is_virtual]
# It is true thresholds that take more: so many failures in a row, or all told.
FEW = 3


@pytest.mark.proof
def test_counterexamples_have_one_fault_or_none_and_hardly_any_more_than_three(
    tmp_path: Path, proof_size: ProofSize
) -> None:
    every = len(IN_PYTHON) // proof_size(5, len(IN_PYTHON))
    faults = {bad.name: smallest(bad, tmp_path).faults for bad in IN_PYTHON[::every]}
    assert median(faults.values()) <= 1
    many = {name: count for name, count in faults.items() if count > FEW}
    assert len(many) <= len(faults) * 0.05, many
