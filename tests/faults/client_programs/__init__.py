"""Five HTTP clients against every fault, and the table of what each of them makes of it."""
