"""Tests of the adapters: how clients are made to do a job."""
