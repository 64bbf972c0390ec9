"""An error about a data file says the same wherever it was found."""

import pickle

from mock_server.loading.data_error import DataError, Fault


def test_an_error_that_comes_from_another_process_is_the_same_error() -> None:
    fault = Fault("$.words", "an object", "a list", nearest="word", line=3)
    error = DataError("profile.yaml", [fault, Fault("$", "words", "nothing")])
    there: DataError = pickle.loads(pickle.dumps(error))
    assert str(there) == str(error)
    assert there.faults == error.faults
