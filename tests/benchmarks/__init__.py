"""Tests of what the benchmarks compute and say; none of them judges a speed."""
