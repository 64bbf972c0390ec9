"""The commands that look at data: profiles, documents, scenarios and faults."""

import json
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario
from mock_server.loading.data_error import DataError

WRONG_DATA = 1
CANNOT_RUN = 2
_WIDTH = 80


def fail(message: str, code: int) -> NoReturn:
    """Say on the error stream why the command ends with this exit code."""
    click.echo(f"safelight: {message}", err=True)
    raise SystemExit(code)


@click.command()
def profiles() -> None:
    """List the profiles: what each one promises, in one line."""
    from mock_server.loading.profiles import load_profile, profile_names

    for name in profile_names():
        contract = load_profile(name)
        click.echo(f"{name:<10} {contract.title}")
        click.echo(
            f"{'':<10} {', '.join(contract.words.all)}; {_counted(len(contract.models), 'model')}"
        )


@click.command()
@click.option("--profile", default="guide", help="Profile: a name or a folder.")
@click.option(
    "--server", default="http://127.0.0.1:8080", help="Origin of the server that it names."
)
def openapi(profile: str, server: str) -> None:
    """Print the OpenAPI 3.1 document of a profile."""
    from mock_server.core.openapi import openapi as document
    from mock_server.loading.profiles import load_examples, load_profile

    try:
        contract = load_profile(profile)
        text = json.dumps(document(contract, load_examples(profile), server), indent=2)
    except DataError as error:
        fail(str(error), CANNOT_RUN)
    click.echo(text)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def validate(files: tuple[Path, ...]) -> None:
    """Hold data FILES (profiles, schemas, examples, scenarios) against their schemas.

    Without FILES, all that ship with the mock are checked.
    """
    from mock_server.loading.validate import validate_all, validate_files

    report = validate_files(files) if files else validate_all()
    for line in report.lines:
        click.echo(line, err=True)
    problems = _counted(len(report.lines), "problem")
    click.echo(f"{_counted(report.checked, 'file')} checked, {problems}")
    if report.lines:
        raise SystemExit(WRONG_DATA)


@click.command()
@click.option("--profile", default="guide", help="Profile for stories that name none.")
def scenarios(profile: str) -> None:
    """List the scenarios: the title of each story, and why it matters."""
    from mock_server.loading.scenario_files import scenario_names

    try:
        for name in scenario_names():
            story = _story(name, profile)[0]
            click.echo(f"{name}\n  {story.title}")
            click.echo(_wrapped([story.why]))
    except DataError as error:
        fail(str(error), CANNOT_RUN)


@click.command()
@click.argument("scenario")
@click.option("--profile", default="guide", help="Profile for a story that names none.")
@click.option("--every", default=2.0, type=click.FloatRange(0.1), help="Seconds between polls.")
def explain(scenario: str, profile: str, every: float) -> None:
    """Print what a client will see of SCENARIO, call by call, on a time line."""
    from mock_server.core.client_words import client_words
    from mock_server.core.explain import explain as played

    try:
        story, contract = _story(scenario, profile)
    except DataError as error:
        fail(str(error), CANNOT_RUN)
    asked = client_words(story.client)
    told = [story.why, *([f"The client is given {asked}."] if asked else [])]
    click.echo(f"{story.title}\n{_wrapped(told)}\n")
    for row in played(story, contract, every):
        task = "" if row.task is None else f" #{row.task}"
        call = f"{row.seconds:8.1f}s  {row.call + task:<12}"
        fault = f"  [{row.fault}]" if row.fault else ""
        room = _WIDTH - len(call) - 2
        click.echo(f"{call}  {textwrap.shorten(row.answered + fault, max(room, 20))}")


@click.command()
def faults() -> None:
    """List the faults: how each is written, what it does, and its options."""
    from mock_server.loading.faults import fault_table

    for fault in fault_table():
        click.echo(f"{fault.name} ({' or '.join(fault.moments)} the work)")
        click.echo(_wrapped([fault.what, fault.why]))
        for option in fault.options:
            usual = "" if option.default is None else f", {option.default} if not said"
            click.echo(_wrapped([f"{option.name}: {option.expected}{usual}; {option.doc}"], 4))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _story(name: str, profile: str) -> tuple[Scenario, Contract]:
    from mock_server.loading.profiles import load_profile
    from mock_server.loading.scenarios import load_scenario, profile_of

    contract = load_profile(profile_of(name) or profile)
    return load_scenario(name, contract), contract


def _wrapped(texts: Iterable[str], indent: int = 2) -> str:
    """Texts as paragraphs that fit into a terminal of 80 columns."""
    space = " " * indent
    wrapper = textwrap.TextWrapper(_WIDTH, initial_indent=space, subsequent_indent=space)
    return "\n".join(wrapper.fill(text) for text in texts)
