"""In which unit the offsets of a record count: code points, UTF-8 bytes or UTF-16 units."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

CODE_POINTS, BYTES, UTF16 = "code points", "UTF-8 bytes", "UTF-16 units"

Pair = tuple[int, int]


def pairs_of(data: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
    """Field and value of every well-formed ``[start, end]`` of a raw record.

    The lists are those of the record itself, so that a repair can change them in place.
    """
    for i, quote in enumerate(_dicts(data.get("quotes"))):
        place = f"quotes[{i}]"
        for role in ("content", "cue", "source"):
            yield from _spans(quote.get(role), f"{place}.{role}")
        yield from _spans([quote.get("target_span")], f"{place}.target_span", number=False)
        for j, speaker in enumerate(_dicts(quote.get("speakers"))):
            field = f"{place}.speakers[{j}].mention"
            yield from _spans([speaker.get("mention")], field, number=False)
    for i, entity in enumerate(_dicts(data.get("entities"))):
        yield from _spans(entity.get("mentions"), f"entities[{i}].mentions")


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [v if isinstance(v, dict) else {} for v in value] if isinstance(value, list) else []


def _spans(value: Any, field: str, number: bool = True) -> Iterator[tuple[str, list[int]]]:
    if not isinstance(value, list):
        return
    for i, pair in enumerate(value):
        if isinstance(pair, list) and len(pair) == 2 and all(type(v) is int for v in pair):
            yield (f"{field}[{i}]" if number else field), pair


def cuts(text: str, position: int) -> bool:
    """Whether ``position`` lies inside a word, or between a letter and its combining mark."""
    if not 0 < position < len(text):
        return False
    before, after = text[position - 1], text[position]
    if unicodedata.category(after)[0] == "M" or "\u200d" in (before, after):
        return True
    return before.isalnum() and after.isalnum() and not (_unspaced(before) or _unspaced(after))


def _unspaced(letter: str) -> bool:
    """Whether the letter is of a script that puts no space between words."""
    code = ord(letter)
    return 0xE00 <= code < 0x1100 or 0x1780 <= code < 0x1800 or 0x2E80 <= code < 0xA4D0 or (
        0xF900 <= code < 0xFB00 or 0x20000 <= code < 0x32000
    )  # fmt: skip


def bad_edges(text: str, spans: Sequence[Pair]) -> int:
    """How many of the starts and ends cannot be meant: out of range, in a word, at a space."""
    size = len(text)
    bad = 0
    for start, end in spans:
        bad += not 0 <= start < size or cuts(text, start) or text[start].isspace()
        bad += not start < end <= size or cuts(text, end) or text[end - 1].isspace()
    return bad


class Offsets:
    """Converts offsets that count UTF-8 bytes or UTF-16 units of a text to code points."""

    def __init__(self, text: str, unit: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        widths = 1 + (codes > 0xFFFF).astype(np.int64)
        if unit == BYTES:
            widths += (codes > 0x7F).astype(np.int64) + (codes > 0x7FF)
        self.starts = np.concatenate([[0], np.cumsum(widths)])

    @property
    def plain(self) -> bool:
        """Whether the unit counts this text just as code points do."""
        return int(self.starts[-1]) == len(self.starts) - 1

    def code_points(self, offset: int) -> int:
        """The code point that starts at ``offset``; -1 inside a character or out of range."""
        place = int(np.searchsorted(self.starts, offset))
        known = place < len(self.starts) and self.starts[place] == offset
        return place if known else -1

    def units(self, offset: int) -> int:
        """The other way round: where the code point ``offset`` starts, counted in the unit."""
        return int(self.starts[offset])


def readings(text: str, spans: Sequence[Pair]) -> dict[str, int]:
    """Bad edges of the spans under each unit that counts this text differently."""
    out = {CODE_POINTS: bad_edges(text, spans)}
    for unit in (BYTES, UTF16):
        offsets = Offsets(text, unit)
        if not offsets.plain:
            read = [(offsets.code_points(s), offsets.code_points(e)) for s, e in spans]
            out[unit] = bad_edges(text, read)
    return out


def decide(found: Mapping[str, int]) -> str | None:
    """The unit that plainly fits better than the others; None where the record cannot tell.

    A single misplaced span must not be taken for another unit: at least two edges have to be
    wrong in code points, and five in six of them right in the other unit.
    """
    own = found[CODE_POINTS]
    rest = {unit: bad for unit, bad in found.items() if unit != CODE_POINTS}
    if not rest:
        return None
    best = min(rest, key=lambda unit: rest[unit])
    if own >= 2 and rest[best] * 6 <= own:
        return best
    return CODE_POINTS if own < rest[best] else None


def file_units(found: Sequence[Mapping[str, int]]) -> list[str]:
    """The unit of each record of one file.

    A record that cannot tell takes the unit of those that can, where they agree.
    """
    decided = [decide(reading) for reading in found]
    known = {unit for unit in decided if unit}
    common = known.pop() if len(known) == 1 else CODE_POINTS
    out = []
    for unit, reading in zip(decided, found, strict=True):
        fits = reading.get(common, reading[CODE_POINTS]) <= reading[CODE_POINTS]
        out.append(unit or (common if common in reading and fits else CODE_POINTS))
    return out
