"""Handing a connection to the application, through ``scope["extensions"]``."""

TRANSPORT = "safelight.transport"
