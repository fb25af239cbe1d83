"""Builders and stand-ins that the tests share, written by hand."""
