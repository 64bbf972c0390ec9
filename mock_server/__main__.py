"""``python -m mock_server`` is ``safelight``."""

from mock_server.cli import main

main()
