"""Shared fixtures, and one Hypothesis profile for the whole suite."""

from __future__ import annotations

from hypothesis import settings

# Slow machines must not make a correct property fail, and a run must repeat itself.
settings.register_profile("quotestance", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("quotestance")
