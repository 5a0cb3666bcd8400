"""Paragraphs of a text, as offsets; nothing is rewritten."""

from __future__ import annotations

import re
from itertools import pairwise

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SENTENCE_END = re.compile(r"[.!?…:][\"”’'»)\]]*$")

_WRAP_WIDTHS = (45, 100)
_MIN_WRAPPED_LINES = 3
_MIN_SHARE_OF_WIDTH = 0.8
_MIN_SHARE_OF_LOWER_STARTS = 0.5
_MAX_SHARE_OF_ENDS = 0.4


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Non-blank stretches of ``text`` between line breaks, without the space around them.

    Every line is a paragraph, as news texts are stored, unless the text is hard-wrapped: then
    only blank lines separate paragraphs. A text counts as hard-wrapped when the lines that are
    followed by another line are mostly 45 to 100 code points long, mostly do not end a sentence,
    and mostly go on with a lower-case letter.

    Args:
        text: Any string.

    Returns:
        Spans ``(start, end)`` in code points, in order, none empty, none overlapping.
    """
    lines = _lines(text)
    blocks = _blocks(text, lines)
    if _is_hard_wrapped(text, blocks):
        return [(block[0][0], block[-1][1]) for block in blocks]
    return lines


def _lines(text: str) -> list[tuple[int, int]]:
    """Non-blank lines without the space around them."""
    found = []
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.lstrip()
        start = match.start() + len(line) - len(stripped)
        end = start + len(stripped.rstrip())
        if start < end:
            found.append((start, end))
    return found


def _blocks(text: str, lines: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Lines grouped into blocks between blank lines."""
    blocks: list[list[tuple[int, int]]] = []
    for line in lines:
        if blocks and len(_BREAK.findall(text, blocks[-1][-1][1], line[0])) == 1:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _is_hard_wrapped(text: str, blocks: list[list[tuple[int, int]]]) -> bool:
    """Whether line breaks inside blocks only fill the page."""
    low, high = _WRAP_WIDTHS
    count = fitting = ending = lower = 0
    for block in blocks:
        for (start, end), (following, _) in pairwise(block):
            count += 1
            fitting += low <= end - start <= high
            ending += _SENTENCE_END.search(text, max(start, end - 4), end) is not None
            lower += text[following].islower()
    return (
        count >= _MIN_WRAPPED_LINES
        and fitting >= _MIN_SHARE_OF_WIDTH * count
        and lower >= _MIN_SHARE_OF_LOWER_STARTS * count
        and ending <= _MAX_SHARE_OF_ENDS * count
    )
