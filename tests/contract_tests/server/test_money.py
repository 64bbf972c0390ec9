"""What a check may cost is said and agreed to before it begins, and never exceeded."""

from collections.abc import Iterator

import pytest

from contract_tests.server import CheckError, CostError, check_server
from contract_tests.server.conversation import Conversation, Key
from contract_tests.server.judge import Judge
from contract_tests.server.money import Budget, SpentError, cost_text, is_loopback, most_images
from contract_tests.server.player import Player
from contract_tests.server.promises import Promises
from contract_tests.server.statements import all_statements
from contract_tests.server.target import AppTarget
from contract_tests.server.venue import MockVenue
from contract_tests.server.words import Words
from mock_server import create_app

ELSEWHERE = "https://api.example/v1"
ORDER = {"model": "gpt-4o-image", "prompt": "A lighthouse at night"}


@pytest.fixture
def player() -> Iterator[Player]:
    target = AppTarget(create_app())
    judge = Judge(Promises.of("guide"), all_statements())
    yield Player(target, MockVenue(target, 1), judge, Budget(2))
    target.close()


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://localhost/v1", True),
        ("http://LOCALHOST.:80", True),
        ("http://mock.localhost", True),
        ("http://[::1]:8080", True),
        ("https://toapis.com/v1", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
    ],
)
def test_only_this_machine_asks_for_no_money(url: str, is_here: bool) -> None:
    assert is_loopback(url) is is_here


def test_another_machine_is_not_called_before_someone_says_yes() -> None:
    with pytest.raises(CostError, match="--yes-this-costs") as raised:
        check_server(ELSEWHERE, api_key="sk-of-somebody-0123456789", max_submits=5)
    told = str(raised.value)
    assert "at most 5 submits of gpt-4o-image, 20 images: 200 credits, 1.00 USD" in told
    assert "somebody" not in told


def test_a_server_that_is_no_mock_needs_a_key() -> None:
    with pytest.raises(CheckError, match="expected a key"):
        check_server(ELSEWHERE, is_paid_for=True)


@pytest.mark.parametrize(
    "url", ["api.example/v1", "ftp://api.example", "http://", "http://api.example/v1?key=1"]
)
def test_what_is_no_url_of_an_api_is_refused(url: str) -> None:
    with pytest.raises(CheckError, match="expected a URL"):
        check_server(url)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(CheckError, match="expected one of quick, usual, thorough"):
        check_server(create_app(), level="fast")


def test_the_price_is_that_of_the_most_images_that_a_profile_knows() -> None:
    assert most_images(Promises.of("guide")) == 4
    assert "8 images: 80 credits, 0.40 USD" in cost_text(Promises.of("live"), 2)


def test_no_submit_is_sent_beyond_those_that_were_agreed_to(player: Player) -> None:
    words = Words(player.judge.promises)
    steps = tuple(words.submit(f"order-{number}", ORDER) for number in range(5))
    with pytest.raises(SpentError, match="all 2 submits are used up"):
        player.hold(Conversation("orders", "five orders", steps))
    assert len(player.judge.log.calls) == 2


def test_a_submit_without_a_valid_key_counts_for_nothing(player: Player) -> None:
    words = Words(player.judge.promises)
    steps = tuple(words.submit(f"order-{key.value}", ORDER, key) for key in (Key.NONE, Key.UNKNOWN))
    player.hold(Conversation("orders", "orders without a key", steps))
    assert player.budget.left == 2
