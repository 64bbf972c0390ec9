"""Tests of the pytest plugin and of the context managers beside it."""
