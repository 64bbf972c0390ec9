"""As many long-lived processes as the jobs need that are to be done at once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from contract_tests.clients.conversation import Conversation
from contract_tests.outcome import Job

Ready: TypeAlias = dict[str, Any]
Open: TypeAlias = Callable[[Conversation], Coroutine[Any, Any, Ready]]


@dataclass(slots=True)
class Member:
    """A process, and how many jobs of which sessions it has; ``is_closed``: it gets no more."""

    conversation: Conversation
    opening: "asyncio.Task[Ready]"
    is_closed: bool = False
    sessions: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def is_open(self) -> bool:
        """Whether it can take a job."""
        return not self.is_closed and self.conversation.exit_status is None

    @property
    def is_done(self) -> bool:
        """Whether nobody needs it any more."""
        return not self.is_open and not self.sessions.total()


class Pool:
    """The processes of one client, each with at most ``capacity`` jobs of different sessions.

    Jobs of one session share one where ``shares``: how many of them are really done at once is to
    be seen. ``open`` starts a process; ``note`` takes what a reader has to know of one.
    """

    def __init__(self, open: Open, note: Callable[[str], None]) -> None:  # noqa: A002
        self.capacity = 1
        self.shares = False
        self._open = open
        self._note = note
        self._members: list[Member] = []

    def enter(self, job: Job | None, *, alone: bool = False) -> Member:
        """A process for a job, perhaps one that is still starting; ``alone``: one of its own.

        Without a job it is only started.
        """
        member = None if job is None or alone else self._free(_session(job))
        if member is None:
            conversation = Conversation(self._note)
            opening = asyncio.ensure_future(self._open(conversation))
            member = Member(conversation, opening, is_closed=alone)
            self._members.append(member)
        if job is not None:
            member.sessions[_session(job)] += 1
        return member

    async def leave(self, member: Member, job: Job) -> int:
        """A job is over; how many other processes its process left behind, if it ended too."""
        member.sessions[_session(job)] -= 1
        if not member.is_done or member not in self._members:
            return 0
        self._members.remove(member)
        return await member.conversation.close()

    def renew(self) -> None:
        """Let all further jobs be done by new processes."""
        for member in self._members:
            member.is_closed = True

    async def close(self, grace: float) -> None:
        """End them all, after so many seconds in which they may end by themselves."""
        members, self._members = self._members, []
        for member in members:
            member.opening.cancel()
        await asyncio.gather(*(one.opening for one in members), return_exceptions=True)
        await asyncio.gather(*(one.conversation.close(grace) for one in members))

    def _free(self, session: tuple[str, str]) -> Member | None:
        able = [one for one in self._members if one.is_open]
        same = [one for one in able if self.shares and one.sessions[session]]
        free = (one for one in able if one.sessions.total() < self.capacity)
        return same[0] if same else next(free, None)


def _session(job: Job) -> tuple[str, str]:
    return job.base_url, job.api_key
