"""All state of one session; a reset is a new world."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from mock_server.core.callback import Owed
from mock_server.core.contract import Contract
from mock_server.core.image_facts import ImageFacts
from mock_server.core.journal import Journal
from mock_server.core.keys import Keyring
from mock_server.core.ledger import Ledger
from mock_server.core.limits import Limiter
from mock_server.core.memo import Memo
from mock_server.core.plan import Plan
from mock_server.core.scenario import Scenario
from mock_server.core.task import Task


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a world may hold; the oldest goes first. Lifetimes are seconds of its clock."""

    tasks: int = 100_000
    task_lifetime: float = 7 * 86_400.0
    uploads: int = 1_000
    upload_bytes: int = 128 * 1024 * 1024
    upload_lifetime: float = 7 * 86_400.0
    journal: int = 5_000
    journal_bytes: int = 32 * 1024 * 1024
    token_lines: int = 10_000
    fired: int = 10_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a caller uploaded: ``path`` is where it can be fetched again."""

    path: str
    data: bytes
    image: ImageFacts
    created: float


@dataclass(slots=True)
class World:
    """A session's tasks, uploads, plan, limiter, ledger and journal, and what they obey.

    ``secret`` signs result URLs; ``calls``, ``submitted`` and ``uploaded`` count from the start;
    ``fired`` names the faults that struck, latest last, and ``superseded`` those that were planned
    when another plan replaced theirs. ``webhook`` is where events go (None: nowhere), ``owed`` are
    those that have still to arrive, by task; deliveries count as ``calls``, too. ``secrets`` must
    never be written down in clear; ``memo`` holds nothing that could not be worked out again.
    """

    session: str
    contract: Contract
    scenario: Scenario
    keyring: Keyring
    bounds: Bounds
    secret: bytes
    plan: Plan
    limiter: Limiter
    ledger: Ledger
    journal: Journal
    calls: int = 0
    submitted: int = 0
    uploaded: int = 0
    tasks: dict[str, Task] = field(default_factory=dict)
    by_client_id: dict[tuple[str, str], str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    upload_bytes: int = 0
    attempts: dict[tuple[str, bytes], int] = field(default_factory=dict)
    fired: deque[str] = field(default_factory=deque)
    superseded: tuple[str, ...] = ()
    webhook: str | None = None
    owed: dict[str, Owed] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    memo: Memo = field(default_factory=Memo)

    @property
    def seed(self) -> int:
        """The number that decides ids, pictures and drawn times."""
        return self.scenario.seed

    def keep_task(self, task: Task, now: float) -> None:
        """Remember a task; the oldest make room, and so do those past their lifetime."""
        oldest = next(iter(self.tasks.values()), task)
        if len(self.tasks) >= self.bounds.tasks or self._is_old(oldest, now):
            for stale in self._stale_tasks(now):
                self.forget_task(stale, now)
        self.tasks[task.id] = task
        if task.order.client_id is not None:
            self.by_client_id[task.owner, task.order.client_id] = task.id
        self.ledger.charge(task.owner, task.credits)

    def _is_old(self, task: Task, now: float) -> bool:
        return task.created <= now - self.bounds.task_lifetime

    def _stale_tasks(self, now: float) -> list[Task]:
        stale = []
        surplus = len(self.tasks) + 1 - self.bounds.tasks
        for task in self.tasks.values():
            if surplus <= 0 and not self._is_old(task, now):
                break
            surplus -= 1
            stale.append(task)
        return stale

    def forget_task(self, task: Task, now: float) -> None:
        """Let a task go; what it cost stays in the ledger."""
        del self.tasks[task.id]
        self.owed.pop(task.id, None)
        client_id = (task.owner, task.order.client_id or "")
        if self.by_client_id.get(client_id) == task.id:
            del self.by_client_id[client_id]
        self.ledger.let_go(task, now)

    def find_task(self, name: str, owner: str) -> Task | None:
        """The owner's task of that id or, where the profile says so, of that client's own id."""
        task = self.tasks.get(name)
        if task is None and self.contract.switches.task_by_client_id:
            task = self.tasks.get(self.by_client_id.get((owner, name), ""))
        return task if task is not None and task.owner == owner else None

    def in_flight(self, owner: str, now: float) -> int:
        """How many tasks of an owner have not ended."""
        mine = (task for task in self.tasks.values() if task.owner == owner)
        return sum(not task.stage(now).phase.is_terminal for task in mine)

    def keep_upload(self, upload: Upload) -> None:
        """Remember an uploaded file; the oldest make room, and so do those past their lifetime."""
        self.uploads[upload.path] = upload
        self.upload_bytes += len(upload.data)
        for stale in list(self._stale_uploads(upload.created)):
            del self.uploads[stale.path]
            self.upload_bytes -= len(stale.data)

    def _stale_uploads(self, now: float) -> Iterator[Upload]:
        surplus = len(self.uploads) - self.bounds.uploads
        bytes_over = self.upload_bytes - self.bounds.upload_bytes
        for upload in self.uploads.values():
            is_old = upload.created <= now - self.bounds.upload_lifetime
            if surplus <= 0 and bytes_over <= 0 and not is_old:
                return
            surplus -= 1
            bytes_over -= len(upload.data)
            yield upload


def new_world(
    session: str,
    contract: Contract,
    scenario: Scenario,
    keyring: Keyring,
    bounds: Bounds,
    secret: bytes,
) -> World:
    """A world in which nothing has happened yet."""
    keys = Keyring({**keyring.states, **scenario.keys}, keyring.any_key)
    return World(
        session=session,
        contract=contract,
        scenario=scenario,
        keyring=keys,
        secrets=keys.secrets,
        bounds=bounds,
        secret=secret,
        plan=scenario.plan,
        limiter=Limiter(scenario.limits),
        ledger=Ledger(contract.switches),
        journal=Journal(bounds.journal, bounds.journal_bytes),
        fired=deque(maxlen=bounds.fired),
    )
