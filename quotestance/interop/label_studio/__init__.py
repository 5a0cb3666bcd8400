r"""Label Studio: tasks with pre-annotations out, exports in.

A piece of a role is a region (``Content``, ``Cue``, ``Source``, ``Target``). The first piece of
the content is the head of its quote; unlabelled relations join it with the other pieces. Labels
of the quote are choices and text boxes of the head. The whole record travels under
``data.quotestance`` and gives back what Label Studio has no place for.

Offsets are code points: Label Studio has counted them so since 2022 (label-studio-frontend #308;
its own test "Should calculate offsets by code points in text"), and ``\r\n`` as two. Exports of
older versions count UTF-16 units; they are told by the words that each region carries.
"""

from quotestance.interop.label_studio.config import LABELLING_CONFIG
from quotestance.interop.label_studio.reading import from_label_studio
from quotestance.interop.label_studio.writing import to_label_studio

__all__ = ["LABELLING_CONFIG", "from_label_studio", "to_label_studio"]
