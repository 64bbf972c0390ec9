"""Tests of the programs in examples/, each run as its user would run it."""
