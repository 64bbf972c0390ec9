"""The standard library as the clients of a jumping loop see it."""

import threading

from contract_tests.clients.virtual.clocks import patch_clocks
from contract_tests.clients.virtual.patching import Patches
from contract_tests.clients.virtual.polling import patch_polling
from contract_tests.clients.virtual.processes import patch_processes
from contract_tests.clients.virtual.sockets import patch_sockets
from contract_tests.clients.virtual.threads import patch_threads
from contract_tests.clients.virtual.tls import patch_tls


class World:
    """The patches, which are there once however many loops need them."""

    def __init__(self) -> None:
        self._users = 0
        self._lock = threading.Lock()
        self._patches = Patches()

    def enter(self) -> None:
        """Put the patches in place, if they are not yet; threads of no client see no difference."""
        with self._lock:
            if self._users == 0:
                try:
                    self._put()
                except BaseException:
                    self._patches.undo()
                    raise
            self._users += 1

    def _put(self) -> None:
        for patch in (
            patch_clocks,
            patch_sockets,
            patch_tls,
            patch_polling,
            patch_threads,
            patch_processes,
        ):
            patch(self._patches)
        self._patches.spread()

    def hold(self, client: object) -> None:
        """Let a client see it also through the functions that its objects have kept."""
        with self._lock:
            if self._users:
                self._patches.hold(client)

    def leave(self) -> None:
        """Undo all, if nobody else needs it."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._patches.undo()


WORLD = World()
