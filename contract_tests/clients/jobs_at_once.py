"""How many processes of a client may run side by side without spoiling what is measured."""

# So many seconds it may take to give out the jobs of all places: about what a short story lasts.
_SPREAD_SECONDS = 12.0
_FEWEST_PER_CORE, _MOST = 2, 200


def default_jobs(start_up_seconds: float, cores: int, speed: float = 1.0) -> int:
    """How many jobs to give out at once, for a client that takes so long to start (seconds).

    What starts is busy for that long, so that many starts at once delay each other; a process that
    lives long takes next to nothing for a further job. ``speed`` is that of the sessions' clocks:
    the faster they run, the more of their time a start takes.
    """
    busy = max(start_up_seconds, 0.001) * max(speed, 1.0)
    return max(_FEWEST_PER_CORE * cores, min(_MOST, int(cores * _SPREAD_SECONDS / busy)))
