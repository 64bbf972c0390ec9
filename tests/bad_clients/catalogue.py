"""All wrong clients."""

from tests.bad_clients.bad_client import BadClient
from tests.bad_clients.programs import bash, node
from tests.bad_clients.ways import (
    backoff,
    concurrency,
    duplicates,
    outcomes,
    polling,
    requests,
    retries,
    secrets,
)

BAD_CLIENTS: tuple[BadClient, ...] = (
    *requests.WRONG,
    *secrets.WRONG,
    *retries.WRONG,
    *backoff.WRONG,
    *polling.WRONG,
    *duplicates.WRONG,
    *outcomes.WRONG,
    *concurrency.WRONG,
    *node.WRONG,
    *bash.WRONG,
)
