"""One exam under way: what has been planned, and what is known so far."""

from dataclasses import dataclass, field

from contract_tests.clients.client import Client
from contract_tests.exam.account import Account
from contract_tests.exam.judging import Judged
from contract_tests.exam.settings import Progress, Settings
from contract_tests.exam.telling import account_of
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario


@dataclass(slots=True)
class Sitting:
    """The exam of a client by these settings.

    ``accounts`` are those of the stories that were played, ``scenarios`` what was played by their
    names; ``planned`` counts the stories to play, ``played`` those that are over.
    """

    client: Client
    settings: Settings
    contract: Contract
    planned: int = 0
    played: int = 0
    accounts: list[Account] = field(default_factory=list)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """The first story begins: in real time it takes a while."""
        self.settings.hear(Progress(self.played, self.planned, ""))

    def heard(self, story: Scenario) -> None:
        """A story is over."""
        self.played += 1
        self.settings.hear(Progress(self.played, self.planned, story.name))

    def keep(self, account: Account, story: Scenario) -> None:
        """Keep an account."""
        self.accounts.append(account)
        self.scenarios.setdefault(account.name, story)

    def hear(self, judged: Judged) -> None:
        """A story is over, and judged."""
        self.heard(judged.trace.scenario)
        self.tell(judged)

    def tell(self, judged: Judged) -> None:
        """Keep an account of a story that was judged."""
        self.keep(account_of(judged, self.settings.replay), judged.trace.scenario)

    def leave_out(self, left: int, *notes: str) -> None:
        """So many of the planned stories are not played after all; ``notes`` say why."""
        self.planned -= left
        self.notes.extend(notes)
