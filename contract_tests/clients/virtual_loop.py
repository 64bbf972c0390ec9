"""The event loop in which a mock and its clients live in virtual time."""

from contract_tests.clients.virtual.jumping_loop import JumpingLoop

__all__ = ["VirtualLoop"]


class VirtualLoop(JumpingLoop):
    """An event loop for ``asyncio.Runner(loop_factory=VirtualLoop)``; its clock jumps.

    Serve the mock in it (:func:`mock_server.serve_in_loop`), with sessions whose clocks are
    ``Clock(epoch=loop.wall(), source=loop.time)``, and let clients do their jobs.
    """
