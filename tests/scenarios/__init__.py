"""Tests of the stories that come with the server."""
