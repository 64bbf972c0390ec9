"""One fault in one call: at the submit, the first poll, the second poll, or the result."""

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.stories.lives import ONE_POLL, TWO_POLLS
from contract_tests.stories.telling import Teller, Told, slug
from contract_tests.stories.troubles import Rules, Trouble, troubles
from mock_server.core.scenario import USUAL, TimelinePlan


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault strikes: ``letter`` is that of a trouble's quick places, None: never quick."""

    name: str
    subject: str
    operation: str
    before: tuple[str, ...]
    life: TimelinePlan
    letter: str | None

    def rules(self, trouble: Trouble) -> Rules | None:
        """What the trouble is for at this place, None where it is not played."""
        if self.name == "poll-2" and trouble.later is not None:
            return trouble.later
        return trouble.rules(self.operation)


PLACES = (
    Place("submit", "The submit", "submit", (), USUAL, "s"),
    Place("poll-1", "The first poll", "status", (), ONE_POLL, "p"),
    Place("poll-2", "The second poll", "status", ("pass",), TWO_POLLS, None),
    Place("result", "The download", "result", (), USUAL, "r"),
)


def singles(teller: Teller) -> Iterator[Told]:
    """Each trouble at each place where it can be met."""
    for trouble in troubles(teller.contract):
        for place in PLACES:
            rules = place.rules(trouble)
            if rules is not None and (place.name != "poll-2" or set("p2") & set(trouble.quick)):
                yield _single(teller, trouble, place, rules)


def _single(teller: Teller, trouble: Trouble, place: Place, rules: Rules) -> Told:
    return teller.tell(
        f"{place.name}/{slug(trouble.fault.partition('(message')[0])}",
        f"{place.subject} {trouble.what}",
        "",
        *rules,
        life=place.life,
        quick=place.letter is not None and place.letter in trouble.quick,
        **{place.operation: [*place.before, trouble.fault]},
    )
