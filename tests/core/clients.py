"""A client that speaks to the engine directly, on a clock that the test moves by hand."""

import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from mock_server.core.call import Call, FilePart, Form
from mock_server.core.contract import Contract
from mock_server.core.engine import answer, picture_wanted
from mock_server.core.fault import Fault
from mock_server.core.image_facts import ImageFacts
from mock_server.core.keys import Keyring
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.scenario import Scenario, fixed
from mock_server.core.script import Headers, Script, content_of, head_of
from mock_server.core.world import Bounds, World, new_world
from mock_server.loading.profiles import load_profile, profile_names

Json = Any
PROFILES = profile_names()
KEY = "sk-" + "k3Y" * 16
OTHER_KEY = "sk-" + "0th" * 16
NOW = 1_800_000_000.0
BASE = "http://127.0.0.1:8080/s/a"
SUBMIT = "/v1/images/generations"
UPLOAD = "/v1/uploads/images"
CHAT = "/v1/chat/completions"
BODY: dict[str, Json] = {"model": "gpt-4o-image", "prompt": "A red kite over the sea"}
# The edge draws the pictures; the engine only sends what it is given.
PICTURE = b"the bytes of a picture, long enough to be asked for in parts"

AT_ONCE = fixed(Stage(Phase.SUCCEEDED, progress=100))
FAILS = fixed(Stage(Phase.QUEUED), Stage(Phase.FAILED, seconds=2))


@cache
def profile(name: str) -> Contract:
    """The profile of that name, read once."""
    return load_profile(name)


def with_switches(name: str, **switches: Any) -> Contract:
    """The profile of that name with some of its switches set otherwise."""
    contract = profile(name)
    return replace(contract, switches=replace(contract.switches, **switches))


def image(
    media_type: str = "image/png", width: int = 64, height: int = 64, size: int = 8
) -> ImageFacts:
    """What the edge would have found in a file."""
    return ImageFacts(media_type, width, height, False, size)


def file(
    field: str = "file", facts: ImageFacts | None = None, data: bytes = b"an image"
) -> FilePart:
    """A file of a form that was found to be an image, a small PNG if nothing else is said."""
    return FilePart(field, "kite.png", data, facts or image(size=len(data)))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the client sees of one script."""

    script: Script

    @property
    def status(self) -> int:
        """The status code."""
        head = head_of(self.script)
        assert head is not None, self.script
        return head.status

    @property
    def headers(self) -> dict[str, str]:
        """The header fields; none comes twice."""
        head = head_of(self.script)
        assert head is not None, self.script
        fields = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        assert len(fields) == len(head.headers), head
        return fields

    @property
    def content(self) -> bytes:
        """The content."""
        return content_of(self.script)

    @property
    def json(self) -> Json:
        """The content, read as JSON."""
        return json.loads(self.content)

    @property
    def error(self) -> Json:
        """The part of an error's content that tells of it, whatever the envelope."""
        return self.json.get("error", self.json)


@dataclass(slots=True)
class Client:
    """A caller of one session; ``now`` (epoch seconds) moves only when the test moves it."""

    world: World
    key: str | None = KEY
    now: float = NOW
    base: str = BASE

    def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Headers = (),
        **parts: Any,
    ) -> Seen:
        """One request with exactly these header fields; ``parts`` are further parts of the call."""
        path, _, query = target.partition("?")
        number = self.world.calls + 1
        call = Call(number, method, path, query, headers, body, self.base, **parts)
        if picture_wanted(self.world, call, self.now) is not None:
            call = call.showing(PICTURE)
        return Seen(answer(self.world, call, self.now))

    def authorization(self) -> Headers:
        """The header fields that tell who calls."""
        return () if self.key is None else ((b"authorization", b"Bearer " + self.key.encode()),)

    def get(self, target: str, *headers: tuple[bytes, bytes], **parts: Any) -> Seen:
        """A GET with the key."""
        return self.send("GET", target, headers=(*self.authorization(), *headers), **parts)

    def post(self, target: str, value: Json, **parts: Any) -> Seen:
        """A POST of a JSON value with the key; bytes are sent as they are."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.send("POST", target, body, self.json_headers(), **parts)

    def json_headers(self) -> Headers:
        """The header fields of a JSON request."""
        return (*self.authorization(), (b"content-type", b"application/json"))

    def post_form(self, target: str, form: Form, **parts: Any) -> Seen:
        """A POST of a multipart form with the key."""
        kind = (b"content-type", b"multipart/form-data; boundary=x")
        return self.send("POST", target, headers=(*self.authorization(), kind), form=form, **parts)

    def submit(self, **fields: Json) -> Seen:
        """A submit of the usual body with some fields set otherwise."""
        return self.post(SUBMIT, {**BODY, **fields})

    def struck(self, fault: Fault, **fields: Json) -> Seen:
        """A submit that asks for a fault itself."""
        return self.post(SUBMIT, {**BODY, **fields}, fault=fault)

    def submitted(self, **fields: Json) -> str:
        """The id of a task that was accepted."""
        seen = self.submit(**fields)
        assert seen.status == 200, seen.content
        return str(seen.json["id"])

    def status(self, task: str) -> Seen:
        """A status read."""
        return self.get(f"{SUBMIT}/{task}")

    def upload(self, *files: FilePart, **parts: Any) -> Seen:
        """An upload of these files, of one small PNG if there are none."""
        return self.post_form(UPLOAD, Form(files=files or (file(),)), **parts)

    def result_urls(self, task: str) -> list[str]:
        """The result URLs of a task that has succeeded, without the base."""
        seen = self.status(task).json
        return [item["url"].removeprefix(self.base) for item in seen["result"]["data"]]

    def as_another(self) -> "Client":
        """A caller of the same session with another key, at the same time."""
        return replace(self, key=OTHER_KEY)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a world holds that a call may create or charge; equal before and after a refusal."""

    tasks: tuple[str, ...]
    client_ids: tuple[tuple[str, str], ...]
    uploads: tuple[str, ...]
    counts: tuple[int, int, int]
    ledger: tuple[Any, ...] = field(repr=False)


def belongings(world: World) -> Belongings:
    """What the world holds now."""
    ledger = world.ledger
    return Belongings(
        tuple(world.tasks),
        tuple(world.by_client_id),
        tuple(world.uploads),
        (world.submitted, world.uploaded, world.upload_bytes),
        (tuple(ledger.tokens), dict(ledger.settled), dict(ledger.charged)),
    )


def client(
    contract: Contract | str = "guide",
    scenario: Scenario | None = None,
    keys: Keyring | None = None,
    bounds: Bounds | None = None,
) -> Client:
    """The first caller of a world in which nothing has happened."""
    world = new_world(
        "a",
        profile(contract) if isinstance(contract, str) else contract,
        scenario or Scenario(),
        keys or Keyring({KEY: "valid", OTHER_KEY: "valid"}),
        bounds or Bounds(),
        b"a secret of the session",
    )
    return Client(world)


def with_result(name: str = "guide", **fields: Any) -> tuple[Client, str]:
    """A caller and the (first) result URL of a task that is done, without the base."""
    caller = client(name, Scenario(timelines=(AT_ONCE,)))
    return caller, caller.result_urls(caller.submitted(**fields))[0]


def fetch(caller: Client, url: str, *headers: tuple[bytes, bytes], method: str = "GET") -> Seen:
    """A request for a file, without the key."""
    return caller.send(method, url, headers=headers)
