"""Tests of the edge: the code that touches sockets, clocks, threads and pixels."""
