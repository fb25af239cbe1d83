"""A small sample repository, ``octo-harbor/tidepool``: its pull requests and what was said about them."""

from __future__ import annotations

from sandbox.sample.story import FEATURED, REPOSITORY, sample_state

__all__ = ["FEATURED", "REPOSITORY", "sample_state"]
