"""Words, paragraphs, sentences and quotation marks of a text: offsets only, nothing rewritten."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from quotestance.marks import Mark, find_marks
from quotestance.paragraphs import paragraphs
from quotestance.regions import (
    CLOSE_DOUBLE,
    CLOSE_SINGLE,
    INSIDE_DOUBLE,
    INSIDE_NESTED,
    INSIDE_SINGLE,
    N_MARK_STATES,
    NO_MARK,
    OPEN_DOUBLE,
    OPEN_SINGLE,
    OUTSIDE,
    mark_states,
    quote_regions,
)

__all__ = [
    "CLOSE_DOUBLE",
    "CLOSE_SINGLE",
    "INSIDE_DOUBLE",
    "INSIDE_NESTED",
    "INSIDE_SINGLE",
    "MAX_WORD",
    "NO_MARK",
    "N_MARK_STATES",
    "N_SHAPES",
    "OPEN_DOUBLE",
    "OPEN_SINGLE",
    "OUTSIDE",
    "Mark",
    "find_marks",
    "mark_states",
    "paragraphs",
    "quote_regions",
    "sentences",
    "shapes",
    "words",
]

MAX_WORD = 64
LOWER, TITLE, UPPER, MIXED, CAPITAL, DIGITS, ALPHANUMERIC, STOP, PUNCTUATION, CASELESS = range(10)
N_SHAPES = 10

_WORD = re.compile(rf"\w{{1,{MAX_WORD}}}|[^\w\s]")
_STOPS = frozenset(".!?…‽")

_CLOSERS = "\"”’'»›)]"
_END = re.compile(rf"([.!?…‽]+)([{re.escape(_CLOSERS)}]*)")
_GAP = re.compile(r"(\s+)([\"“”„«‹‘'`(\[\-–—•*]*)")
_LAST_TOKEN = re.compile(r"[\w.’'&-]+$")
_TITLES = re.compile(
    r"(?:Adm|Atty|Brig|Capt|Cmdr|Col|Cpl|Dr|Fr|Gen|Gov|Hon|Lt|Maj|Messrs|Mme|Mr|Mrs|Ms|Msgr|Pres|"
    r"Prof|Rep|Reps|Rev|Sen|Sens|Sgt|Spc|St|Supt|vs|v)$"
)
_SHORTENED = re.compile(
    r"(?:a\.m|p\.m|e\.g|i\.e|al|approx|ca|cf|etc|ft|est|pp|Assn|Ave|Bldg|Blvd|Bros|Co|Corp|Ct|Dept|"
    r"Dist|Div|Est|Ext|Fig|Figs|Ft|Inc|Inst|Intl|Jr|Ltd|Mt|Mts|No|Nos|Op|Ph\.D|Rd|Sr|Univ|Vol|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|"
    r"Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Penn|Tenn|Tex|Va|Vt|"
    r"Wash|Wis|Wyo)$"
)
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_STARTER = re.compile(
    r"(?:A|After|All|Although|An|And|Another|As|Asked|At|Because|Before|Both|But|By|Despite|During|"
    r"Earlier|Even|Every|For|From|He|Her|Here|His|How|However|I|If|In|It|Its|Last|Later|Many|"
    r"Meanwhile|Most|My|No|None|Not|Now|On|One|Or|Our|She|Since|So|Some|Such|That|The|Their|Then|"
    r"There|These|They|This|Those|Though|Thus|To|Two|Under|Until|We|What|When|Where|Whether|Which|"
    r"While|Who|Why|With|Without|Yet|You|Your)\b"
)
_REPORTING_CLAUSE = re.compile(
    r"(?!(?:He|She|They|It|We|I|You|The|A|An|This|That)\b)(?:[A-Z][\w.’'-]{0,30}\s){1,5}"
    r"(?:said|says|asked|asks|added|adds|replied|replies|wrote|writes|tweeted|shouted|yelled|"
    r"demanded|declared|exclaimed|continued|wondered|told\s\w+)"
    r"(?=[.,;:]|\s*$|\s(?:in|on|at|to|during|after|when|as|of|about|from|before|while)\b)"
)


def words(text: str) -> list[tuple[int, int]]:
    """Words and single punctuation characters.

    Args:
        text: Any string.

    Returns:
        Spans in code points, in order: runs of letters, digits and underscores, cut every 64 code
        points so that each costs a model a bounded amount, and every other visible character.
    """
    return [match.span() for match in _WORD.finditer(text)]


def shapes(text: str, words: list[tuple[int, int]]) -> NDArray[np.int8]:
    """What casing and characters of each word tell.

    Args:
        text: The text of the words.
        words: Word spans.

    Returns:
        One shape a word, shape ``[n_words]``: 0 lower case, 1 Title, 2 UPPER (two letters or
        more), 3 mixed case, 4 a single capital, 5 digits, 6 digits and letters, 7 sentence
        punctuation, 8 other punctuation, 9 a script without case.
    """
    known: dict[str, int] = {}
    found = np.empty(len(words), dtype=np.int8)
    for index, (start, end) in enumerate(words):
        word = text[start:end]
        shape = known.get(word)
        if shape is None:
            shape = known[word] = _shape(word)
        found[index] = shape
    return found


def _shape(word: str) -> int:
    if word in _STOPS:
        return STOP
    if not any(character.isalnum() for character in word):
        return PUNCTUATION
    if any(character.isnumeric() for character in word):
        return ALPHANUMERIC if any(character.isalpha() for character in word) else DIGITS
    return _case(word)


def _case(word: str) -> int:
    if word.islower():
        return LOWER
    if word.isupper():
        return CAPITAL if len(word) == 1 else UPPER
    if word.lower() == word.upper():
        return CASELESS
    return TITLE if word[0].isupper() and word[1:].islower() else MIXED


def sentences(text: str, marks: list[Mark] | None = None) -> list[tuple[int, int]]:
    """Sentences, each within one paragraph.

    A stop inside quotation marks ends a sentence unless a reporting clause follows
    (``"Stop!" he said.`` is one sentence). Closing marks and brackets belong to the sentence
    before them. Abbreviations, initials, decimals and ellipses do not end one.

    Args:
        text: Any string.
        marks: What :func:`find_marks` returned for it; found anew when left out.

    Returns:
        Spans in code points, in order, that begin and end with a visible character.
    """
    marks = find_marks(text) if marks is None else marks
    openings = {mark.start for mark in marks if mark.role in ("open", "continue")}
    found = []
    for first, last in paragraphs(text):
        start = first
        for match in _END.finditer(text, first, last):
            end = _before_openings(match, openings)
            gap = _GAP.match(text, end, last)
            if gap and _ends(text, match, gap):
                found.append((start, end))
                start = gap.end(1)
        found.append((start, last))
    return found


def _before_openings(match: re.Match[str], openings: set[int]) -> int:
    """End of the stop and its closing marks, without a mark that opens the next quote."""
    for position in range(match.start(2), match.end(2)):
        if position in openings:
            return position
    return match.end(2)


def _ends(text: str, stop: re.Match[str], gap: re.Match[str]) -> bool:
    """Whether a stop that is followed by space ends its sentence."""
    rest = gap.end()
    following = text[rest : rest + 1]
    if following.islower() and not text[rest + 1 : rest + 2].isupper():
        return False
    if not gap.group(2) and following in ".,;:!?…":
        return False
    if stop.group(1) == ".":
        return bool(stop.group(2)) or not _is_abbreviation(text, stop.start(), rest)
    if stop.group(2) and stop.group(1)[-1] in "!?":
        return _REPORTING_CLAUSE.match(text, rest, rest + 200) is None
    return True


def _is_abbreviation(text: str, stop: int, rest: int) -> bool:
    """Whether a full stop belongs to a shortened word and not to the sentence."""
    token = _LAST_TOKEN.search(text, max(0, stop - 24), stop)
    if token is None:
        return False
    word = token.group().rsplit("’", 1)[0].rsplit("'", 1)[0]
    if _TITLES.match(word):
        return True
    is_shortened = _SHORTENED.match(word) is not None
    if text[rest : rest + 1].isdigit():
        return is_shortened
    if _STARTER.match(text, rest) or word == "No":
        return False
    is_initial = len(word) == 1 and word.isupper()
    return is_shortened or is_initial or _ACRONYM.match(word) is not None
