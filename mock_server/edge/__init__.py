"""The edge: the only code that is asynchronous and touches sockets, clocks, threads and pixels."""
