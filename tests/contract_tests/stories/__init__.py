"""Tests of the stories of an exam."""
