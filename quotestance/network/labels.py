"""Label sets of the heads."""

from __future__ import annotations

from quotestance.quotes import MODES, POLARITIES, STANCES, TARGET_TYPES

#: One tag layer for each role, once for outer attributions, once for those inside a content.
LAYERS = ("content", "source", "cue", "inner_content", "inner_source", "inner_cue")
#: Outside; begin, inside, end of a span of several words; a span of a single word.
TAGS = ("O", "B", "I", "E", "S")
ROLES = ("none", "target", "holder", "content")
IGNORE = -100

__all__ = ["IGNORE", "LAYERS", "MODES", "POLARITIES", "ROLES", "STANCES", "TAGS", "TARGET_TYPES"]
