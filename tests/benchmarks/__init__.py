"""Benchmarks: figures to read and to compare within one run, never to pass or fail by."""
