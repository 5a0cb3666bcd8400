"""Readers of the public corpora; each checks what it reads and names file, line and field."""

from quotestance.evaluation.corpora.coreference import read_gap, read_gum
from quotestance.evaluation.corpora.examples import (
    CorefDocument,
    CorefMention,
    EntitySentence,
    GapExample,
    TargetedSentence,
)
from quotestance.evaluation.corpora.parc import read_parc
from quotestance.evaluation.corpora.polnear import read_polnear
from quotestance.evaluation.corpora.sentences import read_crossner, read_dse, read_newsmtsc

__all__ = [
    "CorefDocument",
    "CorefMention",
    "EntitySentence",
    "GapExample",
    "TargetedSentence",
    "read_crossner",
    "read_dse",
    "read_gap",
    "read_gum",
    "read_newsmtsc",
    "read_parc",
    "read_polnear",
]
