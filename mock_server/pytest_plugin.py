"""The pytest plugin ``safelight``: one mock for the whole run, a fresh session of it for each test.

It is loaded in every run of pytest, so everything else is imported only by those who use it.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.testing import MockServer, MockSession
    from mock_server.testing.process import Address, ServerWish
    from mock_server.testing.sharing import Broker

_PORT = "safelight_port"
_UNSPENT = ("fail", "allowed")

_BROKER: "pytest.StashKey[Broker]" = pytest.StashKey()
_SESSION: "pytest.StashKey[MockSession]" = pytest.StashKey()
_HAS_PASSED = pytest.StashKey[bool]()

_MARKERS = (
    "scenario(story=None, *, seed, speed, frozen): what mock_session plays: the name of a scenario,"
    " a YAML file beside the test or below the root folder, a YAML text, or a dict.",
    "faults(*, unspent='fail', **queues): faults that strike the calls of mock_session, a list for"
    " each operation: submit=['429', 'pass']. The test fails if one did not strike, unless"
    " unspent='allowed'.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin, and the settings of the same names."""
    group = parser.getgroup("safelight", "safelight: a mock of image-generation APIs")
    profile = "profile that is served: a name or a folder (default: guide)"
    speed = "how many seconds pass for a session in one (default: 1)"
    group.addoption("--safelight-profile", metavar="NAME", help=profile)
    group.addoption("--safelight-speed", metavar="X", help=speed)
    parser.addini("safelight_profile", profile, default="guide")
    parser.addini("safelight_speed", speed, default="1")
    parser.addini("safelight_limits", "enforce the documented limits", type="bool", default=False)
    unspent = "what becomes of a test whose faults did not all strike: fail or allowed"
    parser.addini("safelight_unspent", unspent, default="fail")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers; refuse settings that mean nothing."""
    for line in _MARKERS:
        config.addinivalue_line("markers", line)
    unspent = config.getini("safelight_unspent")
    if unspent not in _UNSPENT:
        expected = " or ".join(_UNSPENT)
        raise pytest.UsageError(f"safelight_unspent: expected {expected}, seen {unspent!r}")
    _speed(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist, which is about to start, where to ask for the server."""
    from mock_server.testing.sharing import Broker

    if _BROKER not in node.config.stash:
        node.config.stash[_BROKER] = Broker(_server_wish(node.config))
    node.workerinput[_PORT] = node.config.stash[_BROKER].port


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server that the workers shared."""
    if _BROKER in config.stash:
        config.stash[_BROKER].stop()


@pytest.fixture(scope="session")
def mock_server(request: pytest.FixtureRequest) -> "Iterator[MockServer]":
    """The mock that serves this run, in a process of its own; workers of pytest-xdist share it.

    What is reached by its ``base_url`` and ``api_key`` is shared by all tests, too: for a session
    of one test alone, ask for ``mock_session``.
    """
    from mock_server.testing import MockServer

    with _address(request.config) as address, MockServer(address) as server:
        yield server
        bugs = server.bugs()
    if bugs:
        pytest.fail(f"the mock itself made a mistake during this run:\n{bugs}", pytrace=False)


@pytest.fixture
def mock_session(
    request: pytest.FixtureRequest, mock_server: "MockServer"
) -> "Iterator[MockSession]":
    """A session of the mock for this test alone, as its markers ``scenario`` and ``faults`` say.

    At the end the test fails if a planned fault did not strike, or if the mock made a mistake.
    """
    from mock_server.testing import ControlError
    from mock_server.testing.judging import complaint
    from mock_server.testing.markers import MarkerError, read_markers

    item = request.node
    item.stash[_HAS_PASSED] = False
    reason = None
    try:
        wish = read_markers(item, item.config.getini("safelight_unspent"))
        since = mock_server.bugs_size()
        with wish.session(mock_server) as session:
            item.stash[_SESSION] = session
            yield session
            del item.stash[_SESSION]
            # A test that has failed, or was skipped, need not have come to all of its faults.
            if item.stash[_HAS_PASSED]:
                allow = wish.allow_unspent
                reason = complaint(mock_server, session, since, allow_unspent=allow)
    except (ControlError, FileNotFoundError, MarkerError) as error:
        told = str(error).replace("body: ", "")
        reason = f"the mock cannot do what this test wants: {told}"
    if reason is not None:
        pytest.fail(reason, pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse a test whose markers would do nothing, for it speaks to the session that all share."""
    names = getattr(item, "fixturenames", ())
    is_marked = any(item.get_closest_marker(name) for name in ("scenario", "faults"))
    if is_marked and "mock_server" in names and "mock_session" not in names:
        reason = "its markers are about mock_session, and it asks for mock_server only"
        pytest.fail(f"{item.nodeid}: {reason}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test has passed; show the calls that were made where it has not."""
    report = yield
    if report.when == "call":
        item.stash[_HAS_PASSED] = report.passed
    if report.failed and _SESSION in item.stash:
        from mock_server.testing.judging import calls

        report.sections.append(("Safelight: calls of this session", calls(item.stash[_SESSION])))
    return report


@contextmanager
def _address(config: pytest.Config) -> "Iterator[Address]":
    """Where the server of this run is; it lives at least as long as the block runs."""
    from mock_server.testing.process import ServerProcess, ServerStartError
    from mock_server.testing.sharing import ask

    port: Any = getattr(config, "workerinput", {}).get(_PORT)
    try:
        process = ServerProcess(_server_wish(config)) if port is None else None
        address = ask(port) if process is None else process.address
    except ServerStartError as error:
        raise pytest.fail.Exception(f"no mock server: {error}", pytrace=False) from None
    try:
        yield address
    finally:
        if process is not None:
            process.stop()


def _server_wish(config: pytest.Config) -> "ServerWish":
    from mock_server.testing.process import ServerWish

    return ServerWish(_profile(config), speed=_speed(config), limits=_ini(config, "limits"))


def _profile(config: pytest.Config) -> str:
    """The profile; a folder in the file of settings is meant from where that file is."""
    named = config.getoption("safelight_profile")
    if named is not None:
        return str(named)
    told = str(_ini(config, "profile"))
    folder = Path(config.inipath).parent / told if config.inipath else Path(told)
    # A folder of some documentation may well be called as a profile is.
    return str(folder) if (folder / "profile.json").is_file() else told


def _speed(config: pytest.Config) -> float:
    told = config.getoption("safelight_speed") or _ini(config, "speed")
    try:
        speed = float(told)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise pytest.UsageError(f"safelight_speed: expected a number above 0, seen {told!r}")
    return speed


def _ini(config: pytest.Config, name: str) -> Any:
    return config.getini(f"safelight_{name}")
