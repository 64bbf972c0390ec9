"""Tests of the commands of the kit."""
