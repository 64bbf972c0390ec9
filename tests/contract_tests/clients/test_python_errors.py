"""What an exception says: its name, whether a caller can expect it, its code and its message."""

import http.client
import json
import urllib.error
from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest
import requests

from contract_tests.clients.python_errors import is_typed, name_of, outcome_of
from contract_tests.outcome import OutcomeStatus


class ClientFailure(Exception):
    """One of a client's own."""


class OrderRefused(ValueError):
    """One of a client's own that is also built in."""


def caught(act: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as info:  # noqa: PT011 - that is what the tests are about
        act()
    return info.value


def throw(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize(
    "act",
    [
        throw(ClientFailure("no")),
        throw(OrderRefused("no")),
        throw(TimeoutError("timed out")),
        throw(ConnectionResetError()),
        throw(RuntimeError("the task failed")),
        throw(Exception("the task failed")),
        throw(ValueError("n must be between 1 and 4")),
        throw(urllib.error.URLError("refused")),
        throw(http.client.IncompleteRead(b"")),
        lambda: requests.get("no-scheme"),
        lambda: open("there-is-no-such-file"),  # noqa: PTH123, SIM115
    ],
)
def test_errors_that_a_caller_can_expect_are_typed(act: Callable[[], object]) -> None:
    assert is_typed(caught(act))


@pytest.mark.parametrize(
    "act",
    [
        lambda: json.loads("{}")["id"],
        lambda: json.loads("[]")[0],
        lambda: json.loads("null")["id"],
        lambda: json.loads("null").get("id"),
        lambda: int("50%"),
        lambda: json.loads("<html>"),
        lambda: str(b"\xff", "utf-8"),
        lambda: 1 / len(""),
        throw(SystemExit(1)),
        throw(KeyboardInterrupt()),
    ],
)
def test_errors_that_just_happen_are_not(act: Callable[[], object]) -> None:
    assert not is_typed(caught(act))


def test_what_the_parser_of_an_http_library_says_is_typed() -> None:
    reply = requests.Response()
    reply._content = b"<html>"
    assert is_typed(caught(reply.json))


def test_an_error_has_the_name_of_its_module() -> None:
    assert name_of(ClientFailure()) == f"{__name__}.ClientFailure"
    assert name_of(KeyError()) == "KeyError"
    assert name_of(requests.ReadTimeout()) == "requests.exceptions.ReadTimeout"


def with_attributes(**attributes: Any) -> ClientFailure:
    error = ClientFailure("told by str")
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"code": "insufficient_quota", "status": 402}, "insufficient_quota"),
        ({"status": 402}, 402),
        ({"status_code": 402}, 402),
        ({"code": None, "status_code": 402}, 402),
        ({"code": True}, None),
        ({"code": object()}, None),
        ({}, None),
    ],
)
def test_the_code_is_one_of_the_attributes(attributes: dict[str, Any], code: object) -> None:
    found = outcome_of(with_attributes(**attributes))
    assert (found.status, found.code) == (OutcomeStatus.FAILED, code)


def test_the_code_may_be_that_of_the_response() -> None:
    reply = requests.Response()
    reply.status_code = 402
    assert outcome_of(requests.HTTPError("no", response=reply)).code == 402


def test_the_code_of_the_standard_library_is_found() -> None:
    error = urllib.error.HTTPError("http://a", 402, "Payment Required", Message(), None)
    assert outcome_of(error).code == 402


def test_the_message_is_what_the_error_says() -> None:
    assert outcome_of(with_attributes(message="told by attribute")).message == "told by attribute"
    assert outcome_of(with_attributes(message=7)).message == "told by str"
    assert outcome_of(ClientFailure()).message == "ClientFailure"


def test_an_error_that_cannot_say_anything_has_a_message_too() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise KeyError

    assert outcome_of(Mute()).message == "Mute, whose text cannot be told: KeyError"


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [(3, 3, "3"), (None, 0, "SystemExit"), ("no key", 1, "no key")],
)
def test_an_exit_has_its_status(code: object, status: int, message: str) -> None:
    found = outcome_of(SystemExit(*() if code is None else (code,)))
    assert (found.exit_status, found.message) == (status, message)
