"""The process that serves, and the broker through which workers share it."""

import socket

import pytest

from mock_server.control import Control, ControlError
from mock_server.testing import MockServer
from mock_server.testing.judging import calls
from mock_server.testing.process import ServerProcess, ServerStartError, ServerWish
from mock_server.testing.sharing import Broker, ask
from tests.plugin.conftest import Watched


def test_a_process_serves_until_it_is_stopped() -> None:
    process = ServerProcess(ServerWish("reference"))
    watched = Watched(process.address.pid)
    with Control(process.address.url) as control:
        assert control.ready()["profile"] == "reference"
    process.stop()
    watched.wait_for_end()


def test_stopping_twice_does_nothing() -> None:
    process = ServerProcess(ServerWish())
    process.stop()
    process.stop()


def test_a_fork_cannot_stop_the_process_of_its_parent() -> None:
    process = ServerProcess(ServerWish())
    owner = process._owner
    process._owner = -1
    process.stop()
    with Control(process.address.url) as control:
        assert control.health() == {"status": "ok"}
    process._owner = owner
    process.stop()


def test_a_process_that_cannot_serve_says_why() -> None:
    with pytest.raises(ServerStartError, match="did you mean 'guide'"):
        ServerProcess(ServerWish("guied"))


def test_a_process_that_breaks_says_so_in_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "sitecustomize.py").write_text("import sys; sys.modules['uvicorn'] = None", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(ServerStartError, match=r"did not start: ModuleNotFoundError: .*uvicorn"):
        ServerProcess(ServerWish())


def test_a_folder_of_the_project_is_not_taken_for_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("project")
    (folder / "mock_server.py").write_text("raise RuntimeError('not this one')", "utf-8")
    monkeypatch.chdir(folder)
    ServerProcess(ServerWish()).stop()


def test_a_broker_starts_one_server_for_all_who_ask() -> None:
    broker = Broker(ServerWish())
    first, second = ask(broker.port), ask(broker.port)
    watched = Watched(first.pid)
    assert first == second
    broker.stop()
    watched.wait_for_end()


def test_a_broker_whom_nobody_asks_starts_nothing() -> None:
    broker = Broker(ServerWish("no such profile"))
    broker.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(broker.port)


def test_a_broker_goes_on_when_a_worker_dies_while_it_asks() -> None:
    broker = Broker(ServerWish("guied"))
    with socket.create_connection(("127.0.0.1", broker.port)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    with pytest.raises(ServerStartError, match="did you mean 'guide'"):
        ask(broker.port)
    broker.stop()


def test_a_server_that_is_gone_is_told_in_a_sentence() -> None:
    process = ServerProcess(ServerWish())
    with MockServer(process.address) as server:
        gone = server.session()
        session = gone.__enter__()
        process.stop()
        assert "no answer from http://127.0.0.1:" in calls(session)
        with pytest.raises(ControlError, match="no answer from"):
            gone.__exit__(None, None, None)
