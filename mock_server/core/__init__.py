"""The pure domain: what a call to the mocked API means, without I/O, clock or randomness."""
