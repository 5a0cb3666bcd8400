"""Exchange with annotation tools and other libraries: Label Studio, brat, CoNLL, spaCy."""

from quotestance.interop.brat import read_brat, write_brat
from quotestance.interop.conll import from_conll, to_conll
from quotestance.interop.label_studio import LABELLING_CONFIG, from_label_studio, to_label_studio

__all__ = [
    "LABELLING_CONFIG",
    "from_conll",
    "from_label_studio",
    "read_brat",
    "to_conll",
    "to_label_studio",
    "write_brat",
]
