"""Any command line is a client: what it is told, and what is known of it in the end."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from PIL import Image

from contract_tests.clients.client import ClientError
from contract_tests.clients.command import CommandClient
from contract_tests.clients.processes.environment import CA_VARIABLES
from contract_tests.outcome import OutcomeStatus
from contract_tests.trace import Ability, Done
from tests.contract_tests.clients.doing import KEY, NOWHERE, bash, done, job

ALWAYS = {Ability.SIGNALLED, Ability.PARALLEL, Ability.PRINTS}
REPORT = (
    '{"status": "failed", "task_id": "t1", "code": 429, "message": "busy", "progress": [0, 50]}'
)


def printed(found: Done) -> str:
    assert found.outcome is not None
    return found.outcome.stdout


def test_a_command_is_told_where_to_call_and_with_which_key() -> None:
    assert printed(done(bash('printf "%s %s" "$1" "$2"'))) == f"{NOWHERE} {KEY}"


def test_a_prompt_reaches_a_command_as_it_is() -> None:
    prompt = 'A "fox"\n$HOME `id` {size} \\ 🦊 -- e\u0301'
    client = CommandClient(["printf", "%s", "{prompt}"], env={"X": "{job}"})
    assert printed(done(client, job(prompt=prompt))) == prompt


def test_the_environment_is_the_callers_own_and_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INHERITED", "yes")
    monkeypatch.setenv("SIZE", "9:9")
    client = bash(
        'printf "%s|%s|%s" "$INHERITED" "$OWN" "${SIZE-none}"',
        env={"OWN": "key {api_key}", "SIZE": "{size}"},
    )
    assert printed(done(client)) == f"yes|key {KEY}|none"


def test_the_standard_input_is_filled_in() -> None:
    client = bash("cat", stdin="{prompt}\n{n}\n")
    assert printed(done(client, job(prompt="ünïcode", n=3))) == "ünïcode\n3\n"


def test_without_a_standard_input_there_is_nothing_to_read() -> None:
    assert printed(done(bash("cat; echo end"))) == "end\n"


def test_a_command_that_reads_nothing_of_a_long_input_ends_all_the_same() -> None:
    found = done(bash("echo end", stdin="{prompt}"), job(prompt="x" * 1_000_000))
    assert printed(found) == "end\n"


def test_the_authority_is_told_to_the_usual_libraries(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    names = " ".join(f'"${name}"' for name in CA_VARIABLES)
    found = done(bash(f"printf '%s\\n' {names}", ca=authority))
    assert printed(found).splitlines() == [str(authority)] * 4
    assert {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"} < set(CA_VARIABLES)


def test_the_report_in_the_last_line_is_the_outcome() -> None:
    client = bash(f"echo working; echo '{REPORT}'; echo oops >&2; exit 3")
    found = done(client)
    outcome = found.outcome
    assert outcome is not None
    assert (outcome.status, outcome.task_id) == (OutcomeStatus.FAILED, "t1")
    assert (outcome.code, outcome.message) == (429, "busy")
    assert (outcome.exit_status, outcome.stderr) == (3, "oops\n")
    assert found.progress == (0.0, 50.0)
    assert client.abilities == {*ALWAYS, Ability.REPORTS, Ability.PROGRESS}


@pytest.mark.parametrize(
    ("script", "status"),
    [("echo done", OutcomeStatus.SUCCEEDED), ("exit 2", OutcomeStatus.FAILED)],
)
def test_without_a_report_the_exit_status_tells_and_nothing_is_judged(
    script: str, status: OutcomeStatus
) -> None:
    client = bash(script)
    found = done(client).outcome
    assert found is not None
    assert found.status is status
    assert client.abilities == ALWAYS
    assert client.notes == ()


def test_a_last_line_that_only_looks_like_a_report_is_noted() -> None:
    client = bash("""echo '{"status": "succeeded", "url": "'"$2"'"}'""")
    done(client)
    done(client)
    (note,) = client.notes
    assert "its last line looks like an outcome and is none: outcome: $.url" in note
    assert Ability.REPORTS not in client.abilities


def test_keys_do_not_get_into_notes() -> None:
    client = bash("""echo '{"status": "'"$2"'"}'""")
    done(client)
    assert KEY not in str(client.notes)
    assert "sk-...6789" in str(client.notes)


def test_an_error_that_nobody_caught_is_a_crash() -> None:
    code = "raise KeyError('id')"
    client = CommandClient(["python3", "-S", "-c", code, "{base_url}", "{api_key}"])
    found = done(client)
    assert (found.raised, found.typed) == ("KeyError", False)
    assert found.outcome is not None
    assert (found.outcome.status, found.outcome.exit_status) == (OutcomeStatus.FAILED, 1)


def test_an_error_of_the_network_in_node_is_no_mistake_of_the_clients() -> None:
    code = f"await fetch('{NOWHERE}')"
    client = CommandClient(["node", "--input-type=module", "-e", code, "{base_url}", "{api_key}"])
    found = done(client)
    assert (found.raised, found.typed) == ("FetchError", True)


def test_a_process_that_is_killed_by_its_own_fault_crashed() -> None:
    found = done(bash("kill -SEGV $$"))
    assert (found.raised, found.typed) == ("SIGSEGV", False)


def test_files_are_found_and_looked_at(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (8, 8)).save(picture)
    out = tmp_path / "out"
    out.mkdir()
    client = bash(
        'cd "$OUT"; mkdir sub; cp "$IMAGE" sub/a.png; head -c 30 "$IMAGE" > cut.png; echo > log',
        env={"OUT": "{out_dir}", "IMAGE": str(picture)},
    )
    found = done(client, job(out_dir=out)).files
    assert [(one.name, one.is_image) for one in found] == [
        ("cut.png", False),
        ("log", False),
        ("sub/a.png", True),
    ]
    assert [one.size for one in found] == [30, 1, picture.stat().st_size]
    assert Ability.DOWNLOADS in client.abilities


def test_a_flood_is_read_and_thrown_away_but_for_both_ends() -> None:
    flood = "head -c 3000000 /dev/zero | tr '\\0' x"
    found = done(bash(f"echo first; {flood}; echo; echo last"))
    text = printed(found)
    assert text.startswith("first\nxxx")
    assert text.endswith("xxx\nlast\n")
    assert len(text) < 70_000
    assert "bytes left out" in text


def test_a_report_is_found_after_a_flood() -> None:
    client = bash(f"head -c 300000 /dev/zero | tr '\\0' x; echo; echo '{REPORT}'")
    done(client)
    assert Ability.REPORTS in client.abilities


def test_jobs_side_by_side_are_processes_of_their_own() -> None:
    client = bash('echo "{\\"status\\": \\"succeeded\\", \\"task_id\\": \\"$$\\"}"')

    async def three() -> list[Done]:
        return await asyncio.gather(*(client.do(job(), time.time) for _ in range(3)))

    found = asyncio.run(three())
    assert [one.outcome.task_id for one in found if one.outcome] == [one.process for one in found]
    assert len({one.process for one in found}) == 3
    assert client.another() is client


@pytest.mark.parametrize("prompt", ["a\0b", "\ud800"])
def test_a_job_that_no_command_line_can_carry_is_not_begun(prompt: str) -> None:
    client = CommandClient(["echo", "{prompt}", "{base_url}", "{api_key}"])
    found = done(client, job(prompt=prompt))
    assert found.outcome is not None
    assert found.outcome.status is OutcomeStatus.UNKNOWN
    assert "not begun" in str(found.outcome.message)
    assert "could not be given to a command" in client.notes[0]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["client", "{api_key}"], "nothing tells the client where the mock is"),
        (["client", "{base_url}"], "nothing tells the client its API key"),
    ],
)
def test_a_client_that_cannot_know_where_to_call_or_how_is_refused(
    command: list[str], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        CommandClient(command)


def test_a_client_with_a_key_of_its_own_need_not_be_told_one() -> None:
    assert CommandClient(["echo", "{api_root}"], has_own_key=True).name == "echo '{api_root}'"


def test_the_whole_job_as_json_is_enough_to_know() -> None:
    client = CommandClient(["cat"], stdin="{job}", name="my client")
    assert client.name == "my client"
    assert json.loads(printed(done(client)))["api_key"] == KEY


def begun(command: str) -> None:
    asyncio.run(CommandClient([command, "{base_url}", "{api_key}"]).begin())


def test_a_command_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(ClientError, match=r"cannot run 'basch': there is no such command .*'bash'"):
        begun("basch")


def test_a_file_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "client.sh").touch(mode=0o755)
    with pytest.raises(ClientError) as refused:
        begun(str(tmp_path / "clinet.sh"))
    assert f"(did you mean {str(tmp_path / 'client.sh')!r}?)" in str(refused.value)


def test_a_file_that_may_not_be_run_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "client.py").touch(mode=0o644)
    with pytest.raises(ClientError, match=r"not executable.*chmod"):
        begun(str(tmp_path / "client.py"))


def test_a_folder_is_no_command(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="it is a folder"):
        begun(str(tmp_path))


def test_a_command_that_is_there_begins() -> None:
    begun("bash")


def test_a_command_that_is_gone_in_the_middle_of_an_exam_ends_it(tmp_path: Path) -> None:
    client = CommandClient([str(tmp_path / "gone"), "{base_url}", "{api_key}"])
    with pytest.raises(ClientError, match=r"cannot run .*gone"):
        done(client)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_file_stays_open_after_a_job() -> None:
    client = bash("cat; echo oops >&2", stdin="{prompt}")
    done(client)
    before = open_files()
    for _ in range(5):
        done(client)
    assert open_files() == before
