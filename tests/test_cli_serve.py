"""``safelight serve`` as a process: its banner, its log, and how it ends."""

import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from mock_server.control import Control
from mock_server.edge.mock import DEFAULT_KEY
from tests.conftest import PATIENCE_SECONDS, Output, Start

KEYED = {"Authorization": f"Bearer {DEFAULT_KEY}"}
ORDER = {"model": "gpt-4o-image", "prompt": "a red lamp"}


@dataclass(frozen=True)
class Served:
    """A server process, what it prints, and where it says it can be reached."""

    process: subprocess.Popen[str]
    output: Output
    url: str

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after that signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


Serve = Callable[..., Served]


@pytest.fixture
def serve(start: Start, tmp_path: Path, plain_environment: Mapping[str, str]) -> Serve:
    """``serve(*options)``: a server on a free port, ready to be called."""

    def serve_one(*options: str) -> Served:
        command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", *options]
        project = Path(__file__).resolve().parents[1]
        process, output = start(command, project, {**plain_environment, "TMPDIR": str(tmp_path)})
        url = output.wait_for(re.compile(r"base URL +(\S+)/v1\n"))[1]
        output.wait_for(re.compile(r"^    -d .*\n", re.MULTILINE))
        return Served(process, output, url)

    return serve_one


def test_the_banner_tells_what_a_person_needs(serve: Serve) -> None:
    served = serve("--profile", "live", "--speed", "3", "--scenario", "lifecycle/happy-path")
    banner = served.output.text
    for row in (
        rf"base URL +{re.escape(served.url)}/v1$",
        rf"API key +{DEFAULT_KEY}$",
        r"profile +live - What live calls show$",
        r"scenario +lifecycle/happy-path - .*, 3 times as fast$",
        rf"docs +{re.escape(served.url)}/_mock/docs$",
    ):
        assert re.search(row, banner, re.MULTILINE), row


def test_the_curl_command_of_the_banner_works_as_it_is(serve: Serve) -> None:
    served = serve()
    command = served.output.text[served.output.text.index("  curl ") :]
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout)["status"] == "queued"


def test_the_documentation_is_where_the_banner_says(serve: Serve) -> None:
    served = serve()
    docs = httpx.get(f"{served.url}/_mock/docs")
    assert (docs.status_code, docs.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_success_and_without_a_word(
    serve: Serve, number: signal.Signals
) -> None:
    served = serve("--log", "off")
    banner = served.output.text
    assert httpx.get(f"{served.url}/v1/models", headers=KEYED).status_code == 200
    assert served.stop(number) == 0
    served.output.wait_for_end()
    assert served.output.text.rstrip() == banner.rstrip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_a_reply_stalls_and_a_connection_idles(
    serve: Serve, number: signal.Signals
) -> None:
    served = serve()
    host, _, port = served.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as stalled:
        field = f"authorization: Bearer {DEFAULT_KEY}\r\nx-mock-fault: stall(10000)\r\n"
        stalled.sendall(f"GET /v1/models HTTP/1.1\r\nhost: a\r\n{field}\r\n".encode())
        with httpx.Client(headers=KEYED) as idle:
            assert idle.get(f"{served.url}/v1/models").status_code == 200
            assert served.stop(number) == 0


def test_a_port_that_is_taken_is_named_and_ends_with_2(
    plain_environment: Mapping[str, str], project: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "mock_server", "serve", "--port", str(port)],
            cwd=project,
            env=plain_environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"safelight: cannot listen on 127\.0\.0\.1:{port}: .+\n", done.stderr)


def test_a_client_that_trusts_the_authority_is_served_over_tls(serve: Serve) -> None:
    served = serve("--tls")
    authority = served.output.wait_for(re.compile(r"CA file +(\S+)\n"))[1]
    assert served.url.startswith("https://127.0.0.1:")
    assert f"curl --cacert {authority} https://" in served.output.text
    for host in ("127.0.0.1", "localhost"):
        url = served.url.replace("127.0.0.1", host)
        context = ssl.create_default_context(cafile=authority)
        reply = httpx.post(
            f"{url}/v1/images/generations", json=ORDER, headers=KEYED, verify=context
        )
        assert reply.json()["status"] == "queued"
    with pytest.raises(httpx.ConnectError, match="certificate"):
        httpx.get(f"{served.url}/v1/models")
    folder = Path(authority).parent
    assert served.stop() == 0
    assert not folder.exists()


def test_the_key_file_of_tls_is_for_its_owner_alone(serve: Serve) -> None:
    served = serve("--tls")
    folder = Path(served.output.wait_for(re.compile(r"CA file +(\S+)\n"))[1]).parent
    modes = {path.name: path.stat().st_mode & 0o077 for path in (folder, folder / "server.key")}
    assert modes == {folder.name: 0, "server.key": 0}


def test_a_line_of_the_log_tells_what_was_called_and_what_came_of_it(serve: Serve) -> None:
    served = serve("--speed", "1000")
    task = httpx.post(f"{served.url}/v1/images/generations", json=ORDER, headers=KEYED).json()["id"]
    httpx.get(f"{served.url}/v1/images/generations/{task}", headers=KEYED)
    httpx.get(f"{served.url}/nowhere")
    for line in (
        rf"^POST /v1/images/generations 200  {task} queued  [\d.]+ms$",
        rf"^GET  /v1/images/generations/{task} 200  {task} \w+  [\d.]+ms$",
        r"^GET  /nowhere 404  [\d.]+ms$",
    ):
        served.output.wait_for(re.compile(line, re.MULTILINE))


def test_a_line_of_the_log_can_be_json(serve: Serve) -> None:
    served = serve("--log", "json")
    task = httpx.post(f"{served.url}/v1/images/generations", json=ORDER, headers=KEYED).json()["id"]
    line = json.loads(served.output.wait_for(re.compile(r"^\{.*\}$", re.MULTILINE))[0])
    told = {key: line[key] for key in ("method", "path", "status", "task", "phase", "number")}
    assert told == {
        "method": "POST",
        "path": "/v1/images/generations",
        "status": 200,
        "task": task,
        "phase": "queued",
        "number": 1,
    }
    assert line["seconds"] >= 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_key_stands_in_the_log_and_no_path_writes_lines_of_its_own(
    serve: Serve, form: str
) -> None:
    second = "sk-second0123456789abcdefghijklmnopqrstuvwxyz012345"
    served = serve("--log", form, "--api-key", second)
    banner = len(served.output.text)
    for key in (DEFAULT_KEY, second, "sk-wrong0123456789abcdefghijklmnop"):
        headers = {"Authorization": f"Bearer {key}"}
        path = f"/{key}%0aGET%20/forged%20200?key={key}"
        httpx.post(f"{served.url}{path}", json={"prompt": key}, headers=headers)
    assert served.stop() == 0
    served.output.wait_for_end()
    lines = served.output.text[banner:].strip().splitlines()
    assert len(lines) == 3
    assert all("404" in line for line in lines)
    assert [word for word in ("sk-mock0", "sk-second0", "sk-wrong0") if word in str(lines)] == []
    assert second not in served.output.text


@pytest.fixture
def unread(
    tmp_path: Path, plain_environment: Mapping[str, str], project: Path
) -> Iterator[subprocess.Popen[str]]:
    """A server process whose streams are read by the test alone."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mock_server", "serve", "--port", "0"],
        cwd=project,
        env=plain_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def test_the_server_goes_on_when_nobody_reads_its_log_any_more(
    unread: subprocess.Popen[str],
) -> None:
    assert unread.stdout is not None
    assert unread.stderr is not None
    banner = "".join(iter(unread.stdout.readline, "\n"))
    url = re.search(r"base URL +(\S+)\n", banner)
    assert url is not None
    unread.stdout.close()
    for _ in range(3):
        assert httpx.get(f"{url[1]}/models", headers=KEYED).status_code == 200
    unread.terminate()
    assert (unread.wait(PATIENCE_SECONDS), unread.stderr.read()) == (0, "")


# A request that came through a proxy comes from another machine, as far as anybody can tell.
ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}


def sessions(url: str, **headers: str) -> int:
    """The status of the list of sessions."""
    return httpx.get(f"{url}/_mock/sessions", headers=headers).status_code


def test_a_server_that_other_machines_reach_draws_a_control_token_and_shows_it(
    serve: Serve,
) -> None:
    served = serve("--host", "0.0.0.0")
    row = re.compile(r"^  control +Bearer (\S{32,}), from other machines$", re.MULTILINE)
    token = served.output.wait_for(row)[1]
    assert sessions(served.url, **ELSEWHERE) == 401
    assert sessions(served.url, **ELSEWHERE, Authorization=f"Bearer {token}") == 200
    assert sessions(served.url) == 200


def test_a_server_for_this_machine_alone_has_no_control_token(serve: Serve) -> None:
    served = serve()
    assert "control" not in served.output.text
    assert sessions(served.url, **ELSEWHERE) == 401


def test_a_control_token_can_be_chosen(serve: Serve) -> None:
    served = serve("--control-token", "open-sesame")
    assert sessions(served.url, **ELSEWHERE, Authorization="Bearer open-sesame") == 200


def test_a_session_can_have_one_of_the_further_ports(serve: Serve) -> None:
    served = serve("--ports", "1")
    with Control(served.url) as control, control.create(port=True) as session:
        key = {"Authorization": f"Bearer {session.api_key}"}
        assert httpx.get(f"{session.port_url}/v1/models", headers=key).status_code == 200
        assert [entry.path for entry in session.journal] == ["/v1/models"]
