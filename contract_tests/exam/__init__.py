"""The exam: stories are played with a client, and rules judge what happened."""
