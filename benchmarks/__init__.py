"""Speed and memory of the mock server, measured against a bare Starlette app in the same run."""
