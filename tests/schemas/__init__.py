"""The data in schemas/, swept file by file."""
