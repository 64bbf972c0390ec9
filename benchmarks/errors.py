"""What stops a measure."""


class CannotMeasure(Exception):
    """A measure could not be taken; the message says what was expected and what was seen."""
