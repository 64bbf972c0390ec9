"""Data files become core values here; whatever a file may not say is refused with its place."""
