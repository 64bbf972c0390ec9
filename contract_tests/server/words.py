"""Steps as the profile spells them: where each operation is, and what its replies hold."""

from collections.abc import Mapping
from typing import Any

from contract_tests.server.conversation import (
    Await,
    Body,
    Fields,
    FilePart,
    FormBody,
    Join,
    JsonBody,
    Key,
    Once,
    Ref,
    Send,
)
from contract_tests.server.promises import Promises


class Words:
    """Makes the steps of conversations for a profile."""

    def __init__(self, promises: Promises) -> None:
        self.promises = promises

    def submit(
        self, name: str, order: Mapping[str, Any] | Body, key: Key = Key.OWN, **more: Any
    ) -> Send:
        """A submit; ``order`` is the JSON object, or the whole body."""
        body = JsonBody(dict(order)) if isinstance(order, Mapping) else order
        return Send(name, "POST", self.promises.submit, key, body=body, **more)

    def status_of(self, task: str) -> Join:
        """Where the task is asked for that the step ``task`` created."""
        before, behind = self.promises.status
        return Join((before, Ref(task, ("id",)), behind))

    def poll(self, name: str, task: str, key: Key = Key.OWN, method: str = "GET") -> Send:
        """One reading of the status of the task that the step ``task`` created."""
        return Send(name, method, self.status_of(task), key)

    def poll_id(self, name: str, task_id: str | Once, key: Key = Key.OWN) -> Send:
        """One reading of the status of a task by an id that the caller made up."""
        before, behind = self.promises.status
        return Send(name, "GET", Join((before, task_id, behind)), key)

    def wait_for(self, name: str, task: str) -> Await:
        """Readings of the status until the task that the step ``task`` created has ended."""
        return Await(name, self.status_of(task))

    def fetch(self, name: str, poll: str, index: int = 0, method: str = "GET") -> Send:
        """The download of a result that the step ``poll`` told of."""
        return Send(name, method, Ref(poll, ("result", "data", index, "url")), Key.NONE)

    def balance(self, name: str) -> Send:
        """A reading of the balance."""
        return self.get(name, "balance")

    def get(self, name: str, operation: str, query: str = "", **more: Any) -> Send:
        """A call to an operation that only reads."""
        route = self.promises.route(operation)
        assert route is not None
        return Send(name, "GET", route.path + query, **more)

    def upload(self, name: str, *files: FilePart, good: bool | None = None, **more: Any) -> Send:
        """An upload of files."""
        route = self.promises.route("upload")
        assert route is not None
        body = FormBody(files=files)
        return Send(name, "POST", route.path, body=body, is_good=good, **more)

    def own_id(self, order: Mapping[str, Any], own: Once) -> dict[str, Any]:
        """The order with an id of the client's own, where the profile has such a field."""
        field = self.promises.own_id
        return dict(order) if field is None else {**order, field: own}

    @staticmethod
    def origin() -> Fields:
        """The header field with which a browser says whose page is calling."""
        return (("Origin", "https://page.example"),)
