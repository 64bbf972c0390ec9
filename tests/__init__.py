"""Safelight's own tests, mirroring its packages."""
