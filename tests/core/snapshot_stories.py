"""Stories in which much can happen, and what may be done to a world that plays them."""

from typing import Any

from hypothesis import strategies as st

from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy
from mock_server.core.contract import LimitRule
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.limits import DAILY_CREDITS, IN_FLIGHT, SLIDING_WINDOW, TOKEN_BUCKET
from mock_server.core.plan import Plan
from mock_server.core.scenario import (
    Chance,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
    fixed,
)
from mock_server.core.world import Bounds
from mock_server.loading.faults import read_fault, read_faults
from tests.core.clients import (
    KEY,
)

HIDDEN = "hidden-key-that-looks-like-none"
WISHES = ("429", "lost_reply", "reset", "drip(1000)", "html", "not_http", "429 + gzip", "redirect")
PROMPTS = ("A red kite", f"Sign with {KEY}", "\u00e4\u20ac\U0001f98a", f"and {HIDDEN} too")

FEW = Bounds(
    tasks=4,
    task_lifetime=400.0,
    uploads=3,
    upload_bytes=40,
    upload_lifetime=300.0,
    journal=6,
    journal_bytes=40_000,
    token_lines=2,
    fired=3,
)
LIMITS = (
    LimitRule("bucket", ("submit", "status"), TOKEN_BUCKET, 6, per_second=0.5),
    LimitRule("window", ("submit", "balance"), SLIDING_WINDOW, 5, window=60.0),
    LimitRule("flying", ("submit",), IN_FLIGHT, 5),
    LimitRule("credits", ("submit",), DAILY_CREDITS, 30_000),
)
DRAWN = TimelinePlan(
    (
        StagePlan(Stage(Phase.QUEUED), 0.0),
        StagePlan(Stage(Phase.RUNNING, progress=None, held=True), Uniform(1.0, 9.0)),
        StagePlan(
            Stage(Phase.FAILED, polls=2, error=TaskError("broken", "It broke.")),
            Lognormal(5.0, 0.5, 60.0),
        ),
    ),
    None,
    times=2,
)
PARTIAL = fixed(
    Stage(Phase.QUEUED),
    Stage(Phase.SUCCEEDED, 100, seconds=3, word="done", results=1, lifetime=90.0),
    Stage(Phase.SUCCEEDED, 100, seconds=500, gone=True),
)
USUAL = Scenario()
CROWDED = Scenario(
    name="crowded",
    seed=7,
    timelines=(DRAWN, PARTIAL),
    plan=Plan({"status": read_faults(["pass x2", "500", "429 x*"], "$"), "submit": ()}),
    limits=LIMITS,
    chaos={"any": (Chance(read_fault("lost_reply"), 0.2), Chance(read_fault("503"), 0.2))},
    keys={HIDDEN: "valid"},
    expect=("submit-once",),
    client=ClientPlan(JobPlan("A kite", "2:3", 2), 3, 4, 5, Stop(StopBy.SIGNAL, 1.5)),
    results_host="127.0.0.2",
)
STORIES = (USUAL, CROWDED)


Act = tuple[Any, ...]

acts: st.SearchStrategy[list[Act]] = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.sampled_from(PROMPTS), st.integers(0, 5)),
        st.tuples(st.just("submit_named"), st.sampled_from(("mine", "yours"))),
        st.tuples(st.just("form")),
        st.tuples(st.just("status"), st.integers(0, 5)),
        st.tuples(st.just("result"), st.integers(0, 5)),
        st.tuples(st.just("wish"), st.sampled_from(WISHES)),
        st.tuples(st.just("upload"), st.integers(1, 30)),
        st.tuples(st.just("get"), st.sampled_from(("/v1/models", f"/v1/{KEY}", "/v1/balance"))),
        st.tuples(st.just("balance"), st.booleans()),
        st.tuples(st.just("chat"), st.integers(1, 3)),
        st.tuples(st.just("wait"), st.sampled_from((0.25, 1.0, 7.0, 100.0, 90_000.0))),
        st.tuples(st.just("release"), st.integers(0, 5)),
        st.tuples(st.just("fail"), st.integers(0, 5)),
        st.tuples(st.just("plan"), st.sampled_from(("429", "pass", "reset x2", "status(503) x*"))),
        st.tuples(st.just("withdraw")),
        st.tuples(st.just("story"), st.integers(0, 1)),
        st.tuples(st.just("webhook"), st.sampled_from(("http://127.0.0.1:9/hook", None))),
        st.tuples(st.just("delivered"), st.booleans()),
    ),
    max_size=25,
)


# Everything that can happen to a world, so that every kind of row is written and read in each run.
EVERYTHING: list[Act] = [
    ("webhook", "http://127.0.0.1:9/hook"),
    *(("submit", prompt, 2) for prompt in PROMPTS),
    ("submit_named", "mine"),
    ("form",),
    ("upload", 12),
    ("chat", 3),
    ("story", 1),
    ("balance", False),
    ("balance", True),
    ("submit", "A kite", 1),
    *(("wish", text) for text in WISHES),
    *(("status", index) for index in range(4)),
    ("release", 0),
    ("fail", 1),
    ("wait", 7.0),
    ("result", 2),
    ("delivered", True),
    ("plan", "reset x2"),
    ("withdraw",),
    ("webhook", None),
    ("wait", 90_000.0),
    ("submit", "A kite", 1),
    ("upload", 20),
    ("get", "/v1/models"),
]
