"""Result files are behind signed URLs that expire, and show what was ordered."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mock_server.core.call import Call
from mock_server.core.engine import picture_wanted
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.picture import Picture
from mock_server.core.result_url import on_host
from mock_server.core.scenario import Scenario, fixed
from mock_server.core.world import Bounds
from tests.core.clients import (
    AT_ONCE,
    BODY,
    NOW,
    PICTURE,
    PROFILES,
    Client,
    belongings,
    client,
    fetch,
    with_result,
)
from tests.core.refusals import is_refused

every_profile = pytest.mark.parametrize("name", PROFILES)
HAPPY = Scenario(timelines=(AT_ONCE,))


def is_file_refused(caller: Client, url: str, reason: str) -> None:
    """The file is refused for that reason."""
    before = belongings(caller.world)
    is_refused(caller.world, before, fetch(caller, url), reason, "result")


@every_profile
def test_a_result_url_leads_to_the_picture_without_a_key(name: str) -> None:
    caller, url = with_result(name)
    seen = fetch(caller, url)
    assert (seen.status, seen.content) == (200, PICTURE)
    kind = {"guide": "image/png", "reference": "image/jpeg", "live": "image/png"}[name]
    assert seen.headers["content-type"] == kind
    assert seen.headers["content-length"] == str(len(PICTURE))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("guide", r"/generated/{unix}_{hex}.png"),
        ("reference", r"/generated/{unix}_{hex}.jpg"),
        ("live", r"/images/{task}/{unix}_{hex}.png"),
    ],
)
def test_the_path_of_a_result_is_the_profiles_dated_a_little_before_the_end(
    name: str, path: str
) -> None:
    caller = client(name, HAPPY)
    task = caller.submitted()
    found = caller.result_urls(task)[0].partition("?")[0]
    head, _, tail = found.rpartition("_")
    stem = path.partition("_{hex}")[0].format(unix=int(NOW) - 2, task=task)
    assert head == stem
    assert len(tail.partition(".")[0]) == 8


@every_profile
@given(data=st.data())
def test_a_url_with_any_character_changed_or_missing_is_refused(
    name: str, data: st.DataObject
) -> None:
    caller, url = with_result(name)
    at = data.draw(st.integers(1, len(url) - 1))
    character = data.draw(st.characters(min_codepoint=33, max_codepoint=126) | st.just(""))
    assume(url[at] != character)
    before = belongings(caller.world)
    seen = fetch(caller, url[:at] + character + url[at + 1 :])
    assert seen.status in (403, 404)
    assert belongings(caller.world) == before


@every_profile
@pytest.mark.parametrize(
    "query", ["", "?", "?task=&image=&expires=&signature=", "?signature=%ff", "?image=-1", "?\xe9"]
)
def test_a_url_without_its_signature_is_refused(name: str, query: str) -> None:
    caller, url = with_result(name)
    is_file_refused(caller, url.partition("?")[0] + query, "file_forged")


@every_profile
def test_a_story_can_have_its_files_on_another_host_behind_the_same_prefix(name: str) -> None:
    caller = client(name, Scenario(timelines=(AT_ONCE,), results_host="127.0.0.2"))
    assert caller.base == "http://127.0.0.1:8080/s/a"
    url = caller.result_urls(caller.submitted())[0]
    elsewhere = "http://127.0.0.2:8080/s/a"
    assert url.startswith(f"{elsewhere}/")
    assert fetch(caller, url.removeprefix(elsewhere)).content == PICTURE


@pytest.mark.parametrize(
    ("base", "host", "found"),
    [
        ("http://127.0.0.1:8080/s/a", "127.0.0.2", "http://127.0.0.2:8080/s/a"),
        ("https://[::1]:8080", "files.example", "https://files.example:8080"),
        ("http://[::1]/s/a", "::2", "http://[::2]/s/a"),
        ("", "files.example", ""),
    ],
)
def test_scheme_port_and_prefix_stay_on_another_host(base: str, host: str, found: str) -> None:
    assert on_host(base, host) == found


def test_the_url_of_another_session_is_refused() -> None:
    _, url = with_result()
    caller, _ = with_result()
    caller.world.secret = b"the secret of another session"
    is_file_refused(caller, url, "file_forged")


@every_profile
def test_the_parameters_of_one_result_do_not_open_another(name: str) -> None:
    caller = client(name, HAPPY)
    first, second = (caller.result_urls(caller.submitted())[0] for _ in range(2))
    mixed = first.partition("?")[0] + "?" + second.partition("?")[2]
    is_file_refused(caller, mixed, "file_forged")


@every_profile
def test_a_url_works_until_it_expires_and_not_a_second_longer(name: str) -> None:
    caller, url = with_result(name)
    found = []
    for seconds in (0, 86_399.9, 86_400, 10**7):
        caller.now = NOW + seconds
        found.append(fetch(caller, url).status)
    assert found == [200, 200, 403, 403]
    is_file_refused(caller, url, "file_expired")


@given(ended=st.floats(0, 10), lifetime=st.floats(0, 20), created=st.floats(NOW, NOW + 1))
@example(ended=0.7, lifetime=0.5, created=NOW)
def test_a_url_expires_at_the_second_that_its_task_tells(
    ended: float, lifetime: float, created: float
) -> None:
    stages = (Stage(Phase.QUEUED), Stage(Phase.SUCCEEDED, seconds=ended, lifetime=lifetime))
    caller = client("guide", Scenario(timelines=(fixed(*stages),)))
    caller.now = created
    task = caller.submitted()
    caller.now += 50
    told = caller.status(task).json["expires_at"]
    url = caller.result_urls(task)[0]
    caller.now = told
    is_file_refused(caller, url, "file_expired")
    assert f"&expires={told}&" in url


def test_the_result_of_a_task_that_was_let_go_is_not_found() -> None:
    caller = client("guide", HAPPY, bounds=Bounds(tasks=1))
    url = caller.result_urls(caller.submitted())[0]
    caller.submitted()
    is_file_refused(caller, url, "file_not_found")


def test_a_result_is_not_there_before_its_task_is_done() -> None:
    caller, url = with_result()
    caller.now = NOW - 10
    (task,) = caller.world.tasks.values()
    task.timeline = fixed(Stage(Phase.QUEUED)).timeline()
    is_file_refused(caller, url, "file_not_found")


def wanted(caller: Client, method: str, target: str) -> Picture | None:
    """The picture that such a call needs."""
    path, _, query = target.partition("?")
    return picture_wanted(caller.world, Call(1, method, path, query), caller.now)


@every_profile
def test_only_a_url_that_will_be_answered_needs_a_picture(name: str) -> None:
    caller, url = with_result(name)
    assert wanted(caller, "GET", url) is not None
    assert wanted(caller, "HEAD", url) is not None
    elsewhere = (
        *(("POST", url), ("GET", url[:-1]), ("GET", "/v1/models"), ("GET", url + "&image=2")),
        *(("GET", "/generated/a/b"), ("GET", "/images/a/b/c"), ("GET", "/generated/")),
    )
    assert [wanted(caller, *call) for call in elsewhere] == [None] * len(elsewhere)
    caller.now += 10**6
    assert wanted(caller, "GET", url) is None


def test_a_picture_shows_what_was_ordered() -> None:
    caller = client("guide", HAPPY)
    task = caller.submitted(n=2, size="2:3")
    second = caller.result_urls(task)[1]
    assert wanted(caller, "GET", second) == Picture(
        seed=0,
        prompt=BODY["prompt"],
        size="2:3",
        width=683,
        height=1024,
        index=2,
        count=2,
        task_id=task,
        media_type="image/png",
    )
