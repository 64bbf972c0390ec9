"""What is wrong with a story is told with file, line, path, expected, seen and the nearest name."""

import pytest

from mock_server.loading.data_error import DataError
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import read_scenario, scenario_from

GUIDE = load_profile("guide")
OPENING = "title: A story\nwhy: To see it told.\n"


def errors(text: str, opening: str = OPENING) -> list[str]:
    """The lines of the error that a text raises."""
    with pytest.raises(DataError) as caught:
        read_scenario(opening + text, GUIDE, name="story")
    return caught.value.lines()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "extnds: x",
            "story:3: $.extnds: expected one of chaos, client, expect, extends, faults, keys, "
            "limits, profile, results_host, seed, tasks, timeline, title, why, "
            "seen 'extnds' (did you mean 'extends'?)",
        ),
        (
            "timeline:\n  - {phase: queued}\n  - {phase: runing}",
            "story:5: $.timeline[1].phase: expected one of queued, running, succeeded, failed, "
            "seen 'runing' (did you mean 'running'?)",
        ),
        (
            "timeline:\n  - phase: queued\n    pols: 3",
            "story:5: $.timeline[0].pols: expected one of error, gone, held, lifetime, phase, "
            "polls, progress, results, seconds, word, seen 'pols' (did you mean 'polls'?)",
        ),
        (
            "timeline:\n  - {phase: queued}\n  - {phase: running, seconds: -1}",
            "story:5: $.timeline[1].seconds: expected minimum 0, seen -1",
        ),
        (
            "timeline:\n  - {phase: queued}\n  - {phase: running, seconds: 5}\n"
            "  - {phase: succeeded, seconds: 3}",
            "story:6: $.timeline[2]: expected seconds from 5 on, seen 3",
        ),
        (
            "timeline:\n  - {phase: queued}\n  - {phase: running, seconds: 9}\n"
            "  - {phase: running, seconds: {uniform: [1, 20]}}\n  - {phase: running, seconds: 3}",
            "story:7: $.timeline[3]: expected seconds from 9 on, seen 3",
        ),
        (
            "timeline: [{phase: queued, seconds: 2}, {phase: running}]",
            "story:3: $.timeline[0]: expected a first stage reached at once, "
            "seen {'phase': 'queued', 'seconds': 2}",
        ),
        (
            "timeline: [{phase: queued, seconds: {uniform: [0, 2]}}]",
            "story:3: $.timeline[0]: expected a first stage reached at once, "
            "seen {'phase': 'queued', 'seconds': {'uniform': [0, 2]}}",
        ),
        (
            "tasks:\n  - first: [{phase: queued}]\n"
            "  - then: [{phase: succeeded}, {phase: running}]",
            "story:5: $.tasks[1].then[1]: expected nothing after the end, seen running",
        ),
        (
            "timeline: [{phase: queued}, {phase: running, seconds: {uniform: [5, 2]}}]",
            "story:3: $.timeline[1].seconds.uniform: expected the smaller number first, "
            "seen 5 and 2",
        ),
        (
            "tasks: [{times: 2}]",
            "story:3: $.tasks[0].first: expected a value, seen nothing",
        ),
        (
            "timeline: [{phase: queued}]\ntasks: [{first: [{phase: queued}]}]",
            "story:4: $.tasks: expected either timeline or tasks, seen both",
        ),
        (
            "faults:\n  submit:\n    - 429\n    - lost_repy",
            "story:6: $.faults.submit[1]: expected the name of a fault, seen 'lost_repy' "
            "(did you mean 'lost_reply'?)",
        ),
        (
            "faults:\n  submitt: [429]",
            "story:4: $.faults.submitt: expected one of any, balance, models, result, status, "
            "submit, text, upload, webhook, seen 'submitt' (did you mean 'submit'?)",
        ),
        (
            "faults: {submit: [status(reason=no_such_reason)]}",
            "story:3: $.faults.submit[0]: expected reason: a reason of the profile's error "
            "catalogue, seen 'no_such_reason'",
        ),
        (
            "chaos:\n  submit:\n    rest: 0.5",
            "story:5: $.chaos.submit.rest: expected the name of a fault, seen 'rest' "
            "(did you mean 'reset'?)",
        ),
        (
            "chaos:\n  submit:\n    '429': 2",
            "story:5: $.chaos.submit['429']: expected maximum 1, seen 2",
        ),
        (
            "chaos: {submit: {reset: 0.7, '429': 0.7}}",
            "story:3: $.chaos.submit: expected rates of at most 1 together, seen 1.4",
        ),
        (
            "limits: documentd",
            "story:3: $.limits: expected one of documented, seen 'documentd' "
            "(did you mean 'documented'?)",
        ),
        (
            "limits: [{category: a, operations: [submit], kind: token_bucket, capacity: 3}]",
            "story:3: $.limits[0].per_second: expected a value, seen nothing",
        ),
        (
            "limits: [{category: a, operations: [text], kind: in_flight, capacity: 3, window: 2}]",
            "story:3: $.limits[0].window: expected window only for a sliding_window, "
            "seen in_flight",
        ),
        (
            "extends: faults/lost-repli",
            "story:3: $.extends: expected the name of a scenario, or of a file beside this one, "
            "seen 'faults/lost-repli' (did you mean 'faults/lost-reply'?)",
        ),
        ("seed: 1.5", "story:3: $.seed: expected type integer, seen 1.5"),
        ("title: Twice", "story:3: $: expected the name 'title' once, seen a second time"),
        ("seed: !!int 3", "story:3: $.seed: expected no tags, seen 'tag:yaml.org,2002:int'"),
        ("seed: .inf", "story:3: $.seed: expected a finite number, seen .inf"),
        ("seed: 1e999", "story:3: $.seed: expected a number below 10^15, seen '1e999'"),
        ("? [a]\n: b", "story:3: $: expected a plain name for each member, seen something else"),
        (
            "expect: &a [*a]",
            "story:3: $.expect[0]: expected an alias of something complete, seen 'a'",
        ),
        (
            'word: "\\0"',
            "story:3: $.word: expected a text, seen a NUL character or a lone surrogate",
        ),
        ("---\ntitle: x", "story:3: $: expected one document, seen a second one"),
    ],
)
def test_an_error_names_line_path_expected_seen_and_nearest(text: str, error: str) -> None:
    assert errors(text) == [error]


def test_an_unknown_rule_is_told_with_the_nearest_one_and_not_with_all() -> None:
    (line,) = errors("expect: [submit-onse]")
    assert line.startswith("story:3: $.expect[0]: expected one of valid-request, ")
    assert line.endswith("..., seen 'submit-onse' (did you mean 'submit-once'?)")
    assert len(line) < 350


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "story: $: expected an object, seen nothing"),
        ("# nothing but a comment\n", "story: $: expected an object, seen nothing"),
        ("a story", "story:1: $: expected type object, seen 'a story'"),
        ("null", "story:1: $: expected type object, seen None"),
        ("title: x\nwhy: y: z", "story:2: $: expected YAML, seen "),
        ("title: [x", "story:2: $: expected YAML, seen "),
        ("title: \x01", "story:1: $: expected printable text, seen the character 1"),
        ("title: \ud800", "story: $: expected UTF-8, seen a lone surrogate"),
        ("seed: 1\n", "story:1: $.title: expected a value, seen nothing"),
    ],
)
def test_a_text_that_is_no_story_is_refused(text: str, error: str) -> None:
    assert errors(text, opening="")[0].startswith(error)


def test_every_wrong_place_is_told_at_once() -> None:
    lines = errors("timeline:\n  - {phase: x}\n  - {phase: queued, polls: -1}\nseed: no")
    assert [line.partition(": expected")[0] for line in sorted(lines)] == [
        "story:4: $.timeline[0].phase",
        "story:5: $.timeline[1].polls",
        "story:6: $.seed",
    ]


def test_a_key_never_stands_in_an_error() -> None:
    lines = errors('keys: {valid: ["sk secret one"], revoked: [7]}')
    lines += errors("keys: {valid: [sk-secret-two], revoked: [sk-secret-two]}")
    assert len(lines) == 3
    assert not any("secret" in line for line in lines)
    assert lines[2] == (
        "story:3: $.keys.revoked[0]: expected a key that is not valid, too, seen the same key"
    )


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"title": {1, 2}}, r"\$: expected JSON values within bounds, seen set"),
        ({"title": float("nan")}, r"\$: expected JSON values within bounds, seen nan"),
        ({"seed": 10**15}, r"\$: expected JSON values within bounds, seen 10{15}"),
        ({"seed": 10**5000}, r"\$: expected JSON values within bounds, seen a number of \d+ bits"),
        ({"title": "\ud800"}, r"\$: expected JSON values within bounds, seen '\\ud800'"),
        ({7: "title"}, r"\$: expected texts as names, seen other names"),
        ({"timeline": [{7: "title"}]}, r"\$: expected texts as names, seen other names"),
        ([], r"\$: expected type object, seen \[\]"),
        ({"title": True}, r"\$\.title: expected type string, seen True"),
    ],
)
def test_a_value_that_is_no_story_is_refused_without_a_line(value: object, error: str) -> None:
    with pytest.raises(DataError, match=error):
        scenario_from(value, GUIDE)
