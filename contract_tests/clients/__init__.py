"""Adapters: each makes one kind of client do a job, and tells what came of it."""
