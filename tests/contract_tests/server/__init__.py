"""Tests of the server check."""
