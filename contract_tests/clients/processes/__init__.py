"""Processes of clients: started, bounded, read, and ended with all that they started."""
