"""Wrong clients in Python: the careful one with a step changed, group by group."""
