"""The examination as JUnit XML: a test case for each rule, for CI servers that draw such reports.

What is broken is a failure; what was waived or could not be judged is skipped, with the reason;
advice is a test that passed, with the advice as its output.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime

from contract_tests.examination import Examination, Ruling
from contract_tests.finding import Verdict
from contract_tests.report.plain import one_line, visible
from contract_tests.report.words import expected, reason, ruling_word

_SKIPPED = (Verdict.INCONCLUSIVE, Verdict.NOT_EXERCISED, Verdict.NOT_APPLICABLE)


def render(examinations: Sequence[Examination]) -> str:
    """One document, a test suite for each examination."""
    root = ET.Element("testsuites", name="Safelight")
    for one in examinations:
        root.append(_suite(one))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def _suite(examination: Examination) -> ET.Element:
    suite = ET.Element("testsuite", name=one_line(examination.subject))
    began = datetime.fromtimestamp(examination.began, UTC)
    suite.set("timestamp", began.strftime("%Y-%m-%dT%H:%M:%S"))
    suite.set("time", f"{examination.lasted:.3f}")
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(examination).items():
        ET.SubElement(properties, "property", name=name, value=one_line(value))
    for ruling in examination.rulings:
        suite.append(_case(ruling, examination.kind))
    for stale in examination.stale:
        suite.append(_stale(stale))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return suite


def _properties(examination: Examination) -> dict[str, str]:
    told = {
        "overall": examination.overall.value,
        "profile": examination.profile,
        "seed": str(examination.seed),
        "version": examination.version,
    }
    notes = {f"note {number}": note for number, note in enumerate(examination.notes, 1)}
    return told | notes


def _case(ruling: Ruling, kind: str) -> ET.Element:
    statement = ruling.statement
    case = ET.Element(
        "testcase",
        classname=f"safelight.{statement.group}",
        name=f"{statement.number} {statement.id}",
        time="0",
    )
    word = ruling_word(ruling, kind)
    if ruling.waived is not None or ruling.verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=f"{word}: {reason(ruling)}")
    elif ruling.verdict is Verdict.FAILED:
        failure = ET.SubElement(case, "failure", type=word, message=reason(ruling))
        failure.text = _told(ruling)
    elif ruling.verdict is Verdict.ADVICE:
        ET.SubElement(case, "system-out").text = f"advice: {reason(ruling)}\n{_told(ruling)}"
    return case


def _told(ruling: Ruling) -> str:
    """All that helps to mend it, a line each."""
    statement, finding = ruling.statement, ruling.finding
    lines = [f"rule: {statement.title} ({statement.grade})"]
    if finding is not None:
        if told := expected(ruling, finding):
            lines.append(f"expected: {told}")
        lines.append(f"seen: {one_line(str(finding.seen))}")
        if finding.evidence:
            lines.append(f"calls: {', '.join(map(str, finding.evidence))}")
    if ruling.deciding is not None:
        lines.append(f"story: {ruling.deciding} ({len(ruling.broken_in)} in all)")
    lines.append(f"why: {statement.why}")
    lines.extend(f"mend: {line}" for line in statement.mend)
    lines.append(f"source: {statement.source}")
    if ruling.counterexample is not None:
        lines.append(f"replay: {ruling.counterexample.replay}")
        for name, text in ruling.counterexample.files.items():
            lines.extend(["", f"# {name}", text.rstrip()])
    return visible("\n".join(lines))


def _stale(waiver: str) -> ET.Element:
    case = ET.Element("testcase", classname="safelight.Waivers", name=one_line(waiver), time="0")
    message = "this waiver holds no more: take it away"
    ET.SubElement(case, "failure", type="stale", message=message)
    return case
