"""What each operation of the mocked API does: one module an operation."""
