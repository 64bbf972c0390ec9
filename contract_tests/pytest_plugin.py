"""The kit's pytest plugin: ``--safelight-client=module:callable`` makes a test of each rule."""

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract_tests.examination import Examination, Ruling

_CLIENT = pytest.StashKey[Any]()
_EXAMINATION = pytest.StashKey[Any]()
_LEVELS = ("quick", "default", "thorough")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the exam."""
    group = parser.getgroup("safelight", "Safelight, a mock of image-generation APIs")
    group.addoption(
        "--safelight-client",
        metavar="MODULE:NAME",
        help="Examine this Python callable, client(job) -> Outcome: one test for each rule.",
    )
    group.addoption(
        "--safelight-level",
        choices=_LEVELS,
        default="default",
        help="How many stories are played (default: %(default)s).",
    )
    group.addoption(
        "--safelight-story",
        action="append",
        metavar="NAME",
        help="Play this story, by its name or file, in place of those of the level; repeatable.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add a test for each rule, before others look which ones are wanted.

    Raises UsageError for a client that cannot be imported. A worker of xdist has no way to say
    that: it gets one test, which fails.
    """
    target = config.getoption("safelight_client")
    if target is None:
        return
    from contract_tests.exam.request import RequestError, imported
    from contract_tests.rules import all_rules

    exam: Any = _Exam.from_parent(
        session, name=f"safelight[{target}]", nodeid=f"safelight[{target}]"
    )
    try:
        config.stash[_CLIENT] = imported(target)
    except RequestError as error:
        if not hasattr(config, "workerinput"):
            raise pytest.UsageError(f"--safelight-client: {error}") from None
        items.append(_NoClientItem.from_parent(exam, name="import", why=str(error)))
        return
    items.extend(_RuleItem.from_parent(exam, name=rule.id) for rule in all_rules())


class _Exam(pytest.Collector):
    """All rules for one client, whose exam takes place when the first of them is asked for."""

    def collect(self) -> Iterable[pytest.Item]:
        """Nothing more: its items are made beside it."""
        return ()

    def ruling(self, rule: str) -> "Ruling":
        """The verdict on a rule."""
        if _EXAMINATION not in self.config.stash:
            self.config.stash[_EXAMINATION] = _examined(self.config)
        rulings = self.config.stash[_EXAMINATION].rulings
        found: Ruling = next(one for one in rulings if one.statement.id == rule)
        return found


def _examined(config: pytest.Config) -> "Examination":
    from contract_tests.exam.checking import check_client

    target, client = config.getoption("safelight_client"), config.stash[_CLIENT]
    profile = config.getoption("safelight_profile") or config.getini("safelight_profile")
    level, stories = config.getoption("safelight_level"), config.getoption("safelight_story")
    return check_client(client, name=target, profile=profile, level=level, stories=stories)


class _NoClientItem(pytest.Item):
    """A client that cannot be imported: it fails, and says ``why``."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(**facts)
        self._why = why

    def runtest(self) -> None:
        """Fail."""
        pytest.fail(f"--safelight-client: {self._why}", pytrace=False)


class _RuleItem(pytest.Item):
    """One rule: passed, failed with its evidence, or skipped where nothing showed it."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts)
        # The exam takes place once in each process that has one of its items.
        self.add_marker(pytest.mark.xdist_group("safelight-exam"))

    def runtest(self) -> None:
        """Fail for a MUST that is broken; skip what nothing has shown."""
        from contract_tests.finding import Verdict

        assert isinstance(self.parent, _Exam)
        ruling = self.parent.ruling(self.name)
        if ruling.waived is not None:
            pytest.skip(f"waived: {ruling.waived}")
        if ruling.verdict is Verdict.FAILED:
            raise RuleBrokenError(ruling)
        if ruling.verdict is Verdict.ADVICE:
            self.add_report_section("call", "advice", _told(ruling))
        elif ruling.verdict is not Verdict.PASSED:
            seen = "" if ruling.finding is None else f": {ruling.finding.seen}"
            pytest.skip(f"{ruling.verdict.value}{seen}")

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The evidence in words; a traceback only where the exam itself has failed."""
        if isinstance(excinfo.value, RuleBrokenError):
            return _told(excinfo.value.ruling)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> Any:
        """Where the test is from: no file has it."""
        return self.path, None, f"rule {self.name}"


class RuleBrokenError(AssertionError):
    """A client breaks a rule."""

    def __init__(self, ruling: "Ruling") -> None:
        super().__init__(ruling.statement.title)
        self.ruling = ruling


def _told(ruling: "Ruling") -> str:
    """What was found, how to mend it, and the story that shows it."""
    statement, finding = ruling.statement, ruling.finding
    lines = [f"{statement.number} {statement.id} ({statement.grade}): {statement.title}"]
    if finding is not None:
        lines += [f"  story     {ruling.deciding}", f"  seen      {finding.seen}"]
    lines += [f"  why       {statement.why}"]
    lines += [f"  mend      {line}" for line in statement.mend]
    lines += [f"  source    {statement.source}"]
    if ruling.counterexample is not None:
        lines += [f"  replay    {ruling.counterexample.replay}"]
        for name, text in ruling.counterexample.files.items():
            lines += ["", f"# {name}", text]
    return "\n".join(lines)


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None]:
    """Say the verdict on the client, and the advice that no failure tells."""
    yield
    if _EXAMINATION not in config.stash:
        return
    from contract_tests.finding import Verdict

    examination: Examination = config.stash[_EXAMINATION]
    terminalreporter.section(f"safelight: {examination.subject}")
    for ruling in examination.rulings:
        if ruling.verdict is Verdict.ADVICE and ruling.waived is None:
            terminalreporter.line(_told(ruling).partition("\n\n")[0])
    terminalreporter.line(f"verdict: {examination.overall.value}")
