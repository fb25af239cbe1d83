"""Insights become text: Markdown that GitHub renders and nobody can turn against its readers."""
