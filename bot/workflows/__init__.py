"""The order of the stages, made durable: open ``report.py`` first."""
