"""Denied content: what the source did not say, or says is not so.

A documented list of cues: a negated verb (``did not say``, ``has never confirmed``), a verb of
denying (``denied``, ``declined to confirm``, ``refused to rule out``), and a verb of rejecting
whose object is somebody's claim (``rejected claims that ...``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotestance.quotes import Span

_NEGATED = re.compile(r"n['’]t\b|\b(?:not|never|nor|neither|cannot)\b(?! only| just| merely| sure)",
                      re.IGNORECASE)  # fmt: skip
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|declin(?:es?|ed|ing)\b(?! in)|refus(?:es?|ed|ing|al)|"
    r"unwilling(?:ness)?|reluctan(?:t|ce)|decided against|walk(?:ed|ing|s)? back|retract(?:ed|s)?|"
    r"stop(?:s|ped)? short of)\b",
    re.IGNORECASE,
)
_REJECTING = re.compile(
    r"\b(?:reject|disput|dismiss|rebut|refut|disavow|repudiat)\w*\b", re.IGNORECASE
)
_CLAIM = re.compile(
    r"(?:as \w+ )?(?:the |a |an |any |all |those |these |such |his |her |their )?(?:[\w-]+ )?"
    r"(?:claims?|ideas?|notions?|suggestions?|accusations?|allegations?|assertions?|charges?|"
    r"reports?|rumou?rs?|criticisms?|critiques?|stances?|that)\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(
    r"\bnot (?:deny|dispute|refuse|decline|reject)|n['’]t (?:deny|dispute|refuse)", re.IGNORECASE
)
_AUXILIARY = re.compile(
    r"\b(?:(?:did|do|does|would|will|has|have|had|is|was|were|are|could|can) not|\w+n['’]t|never|"
    r"(?:declined|declines|refused|refuses|refusing|declining|unwilling) to|neither [\w’' -]{1,30})"
    r"(?: yet| even| ever)?\s*$",
    re.IGNORECASE,
)
_BEFORE = 40  # code points before the cue where its auxiliary may stand
_OPENING = " \u00a0\"“”'‘’"


def is_denied(text: str, cue: Sequence[Span], content: Sequence[Span]) -> bool:
    """Whether the words of the cue say that the content was not said or is not held.

    Args:
        text: The article.
        cue: Pieces of the cue.
        content: Pieces of the content.
    """
    words = " ".join(text[s.start : s.end] for s in cue)
    if not words or _DOUBLE.search(words):
        return False
    if _NEGATED.search(words) or _DENYING.search(words):
        return True
    start = cue[0].start
    sentence = re.split(r"[.!?;:\n,“”\"]", text[max(0, start - _BEFORE) : start])[-1]
    if _AUXILIARY.search(sentence):
        return True
    claim = text[content[0].start : content[0].end].lstrip(_OPENING) if content else ""
    return bool(_REJECTING.search(words) and _CLAIM.match(claim))
