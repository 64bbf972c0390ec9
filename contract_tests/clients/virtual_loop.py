"""The event loop in which a mock and its clients live in virtual time."""

from contract_tests.clients.virtual.jumping_loop import JumpingLoop
from contract_tests.clients.virtual.world import WORLD

__all__ = ["VirtualLoop"]


class VirtualLoop(JumpingLoop):
    """An event loop for ``asyncio.Runner(loop_factory=VirtualLoop)``; its clock jumps.

    Serve the mock in it (:func:`mock_server.serve_in_loop`), with sessions whose clocks are
    ``Clock(epoch=loop.wall(), source=loop.time)``, and let clients do their jobs. As long as it is
    open, threads of clients see a standard library of its time; :meth:`close` puts all back.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_world_there = False
        try:
            WORLD.enter()
            self._is_world_there = True
        except BaseException:
            super().close()
            raise

    def close(self) -> None:
        """End what the clients left running, and put the standard library back."""
        super().close()
        if self._is_world_there:
            self._is_world_there = False
            WORLD.leave()
