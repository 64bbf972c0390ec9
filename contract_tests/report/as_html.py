"""The examinations as one page of HTML that needs nothing else: no other file, no network."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from contract_tests.examination import Examination
from contract_tests.report.page_data import page_data
from contract_tests.report.plain import json_text, one_line

_PAGE = Path(__file__).parent / "page"
# In this order, as one script: each builds on those before it.
_SCRIPTS = (
    "elements.js",
    "data.js",
    "time_line.js",
    "story.js",
    "matrix.js",
    "rules.js",
    "stories.js",
    "main.js",
)


def render(examinations: Sequence[Examination]) -> str:
    """The page. What clients said stands in it as data, which its script shows as text alone.

    Its policy lets the browser run this one script, and load nothing.
    """
    style = _read("page.css")
    script = "\n".join(map(_read, _SCRIPTS))
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    subjects = ", ".join(one_line(one.subject) for one in examinations)
    # No tag can end or begin in the data.
    data = json_text(page_data(examinations)).replace("<", "\\u003c")
    return Template(_read("page.html")).substitute(
        title=escape(f"Safelight: {subjects}"),
        policy=escape(f"{policy}; base-uri 'none'; form-action 'none'"),
        style=style,
        script=script,
        data=data,
    )


def _read(name: str) -> str:
    return (_PAGE / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
