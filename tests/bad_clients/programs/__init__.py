"""Wrong clients in other languages: a good program with a few lines replaced."""
