"""The fixed parts of pytest files."""

HOW_TO_RUN = """\
Starts from nothing. The environment says where: BASE_URL and API_KEY, OTHER_KEY where a second
key is needed, SPEED for a mock on which more than one second passes in one."""

HOW_TO_RUN_A_STORY = """\
Starts from nothing, in a session of its own: MOCK_URL in the environment says at which mock."""

SETTINGS = """ROOT = os.environ.get("BASE_URL", "http://127.0.0.1:8080/v1").removesuffix("/v1")
OWN = {"Authorization": f"Bearer {os.environ['API_KEY']}"}
"""
RUN = """# What no other run has.
RUN = time.time_ns()
"""
OTHER_KEY = """OTHER = {"Authorization": f"Bearer {os.environ['OTHER_KEY']}"}
"""
MOCK_SETTINGS = """MOCK = os.environ.get("MOCK_URL", "http://127.0.0.1:8080")
"""

READING = """

MISSING = object()


def at(reply: httpx.Response, *path: str | int) -> Any:
    \"\"\"What stands at a path of a reply's JSON, MISSING where nothing does.\"\"\"
    try:
        value = reply.json()
        for part in path:
            value = value[part]
    except (ValueError, LookupError, TypeError):
        return MISSING
    return value
"""

PART_OF_PATH = """

def part_of_path(value: Any) -> str:
    \"\"\"A value from a reply, as it is written in a path.\"\"\"
    assert value is not MISSING, "not reached"
    return quote(str(value), safe="")
"""

# Two empty lines stand before a function.
GAP = "\n"

PAUSE = """

def pause(seconds: float) -> None:
    \"\"\"Let time of the server's clock go by.\"\"\"
    time.sleep(seconds / float(os.environ.get("SPEED", "1")))
"""

STORY_PAUSE = """

def pause(http: httpx.Client, session: str, seconds: float) -> None:
    \"\"\"Move the clock of the session.\"\"\"
    url = f"{MOCK}/_mock/sessions/{session}/clock/advance"
    http.post(url, json={"seconds": seconds}).raise_for_status()
"""

STORY = """

STORY = @STORY@


def begin(http: httpx.Client) -> tuple[str, dict[str, str], str]:
    \"\"\"Make a session that plays the story: its root, its key, its name.\"\"\"
    made = http.post(f"{MOCK}/_mock/sessions", json={"scenario": STORY, "frozen": True})
    made.raise_for_status()
    own = {"Authorization": f"Bearer {at(made, 'api_key')}"}
    return at(made, "base_url").removesuffix("/v1"), own, at(made, "name")
"""

_WAIT = """

def wait_for_end(
    http: httpx.Client,@SESSION@ url: str, key: dict[str, str]
) -> list[httpx.Response]:
    \"\"\"All readings of a task's status until it has ended.\"\"\"
    replies = []
    for _ in range(@TURNS@):
        pause(@PAUSE@@POLL@)
        replies.append(http.get(url, headers=key))
        if replies[-1].status_code != 200 or at(replies[-1], "status") in @WORDS@:
            break
    return replies
"""


def wait_function(words: str, poll: float, patience: float, has_story: bool) -> str:
    """The function that waits for a task: its words, seconds between readings and in all."""
    seconds = max(1, round(poll))
    return (
        _WAIT.replace("@WORDS@", words)
        .replace("@SESSION@", " session: str," if has_story else "")
        .replace("@PAUSE@", "http, session, " if has_story else "")
        .replace("@POLL@", str(seconds))
        .replace("@TURNS@", str(round(patience) // seconds + 1))
    )
