"""What the client makes of an API that is busy, breaks off, or fails."""

import pytest
from image_client import ImageClient, ImageError, OutcomeUnknownError

from mock_server.testing import MockSession


def test_the_address_of_every_image_is_returned(client: ImageClient) -> None:
    """The everyday case."""
    assert len(client.generate("A red fox in the snow", count=2)) == 2


@pytest.mark.faults(submit=["429(retry_after=7)", "429", "pass"])
def test_a_busy_api_is_asked_again_but_not_before_it_says(
    client: ImageClient, mock_session: MockSession
) -> None:
    """Two refusals, then the order is accepted."""
    client.generate("A red fox in the snow")
    mock_session.require("retry-after", "backoff", "submit-once")


@pytest.mark.faults(submit="429 x*")
def test_an_api_that_stays_busy_is_given_up(client: ImageClient, mock_session: MockSession) -> None:
    """Without end means: for as long as the client comes back."""
    with pytest.raises(ImageError, match="rate_limit_exceeded"):
        client.generate("A red fox in the snow")
    mock_session.require({"check": "count", "operation": "submit", "equals": 5})


@pytest.mark.scenario("faults/lost-reply")
def test_an_order_whose_reply_is_lost_is_not_sent_again(
    client: ImageClient, mock_session: MockSession
) -> None:
    """The order was accepted; a second one would be charged, too."""
    with pytest.raises(OutcomeUnknownError):
        client.generate("A red fox in the snow")
    assert mock_session.ledger().charges.count == 1


@pytest.mark.faults(status=["reset", "html(502)", "429"])
def test_trouble_while_polling_does_not_lose_the_task(
    client: ImageClient, mock_session: MockSession
) -> None:
    """Three polls in a row come to nothing."""
    assert client.generate("A red fox in the snow")
    mock_session.require("submit-once", "own-tasks", "quiet-after-end")


@pytest.mark.scenario("lifecycle/fails-late")
def test_the_reason_of_a_failure_is_told(client: ImageClient) -> None:
    """A failed task is answered with HTTP 200."""
    with pytest.raises(ImageError, match="generation_failed"):
        client.generate("A red fox in the snow")
