"""Quotation marks of English news: which open, which close, which quote nothing.

Marks are read paragraph by paragraph, so that an odd one costs at most its own paragraph. A mark
is judged by its shape and by what stands beside it, never by counting; openings wait on a stack
until a closing mark of their family comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quotestance.paragraphs import paragraphs

# Three straight single marks in a row after a word close a single quote, then a doubled one.
_MARK = re.compile("``|(?<=\\S)'(?=''(?!'))|''|‘‘|’’|[\"“”„‟＂«»‹›‘’‚‛'`]")
_FAMILIES = {"«": "«", "»": "«", "‹": "‹", "›": "‹"} | dict.fromkeys("‘’‚‛'`", "'")
_KINDS = {"'": "single", '"': "double", "«": "angle", "‹": "angle"}
_OPENERS = frozenset(("“", "„", "‟", "«", "‹", "‘", "‚", "‛", "`", "``", "‘‘"))
_CLOSERS = frozenset(("”", "»", "›", "’", "’’"))

_OPEN_BEFORE = frozenset("([{</")
_INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_DASHES = frozenset("-–—―‒")
_CLOSE_AFTER = frozenset(".,;:!?)]}>…/")
_LEADING_ELISION = re.compile(
    r"(?:tis|twas|twere|twill|em|cause|til|till|bout|round|neath|cos|coz|kay|nuff|n|\d0s)"
    r"(?![\w'’])|n['’]",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d\ds?(?!\w)")
_TRAILING_ELISION = re.compile(r"(?:\b(?:o|ol|th|wi|an|lil|mornin)|[b-df-hj-np-tv-z]in)$", re.I)
_FEET_AND_INCHES = re.compile(r"\d\s?['’‘]\s?\d{1,2}(?:\.\d|\s?[½¼¾])?\s?$")
_POSSESSIVE = re.compile(r"s(?!\w)")
_CLOSED_NEXT = re.compile(r"[.,;!?]['’](?!\w)")
_POSSESSED = re.compile(
    r"[ \t\xa0](?!(?:a|after|also|an|and|are|as|at|because|but|by|could|did|do|does|during|for|"
    r"from|had|has|have|he|i|if|in|into|is|it|not|of|on|or|over|said|says|she|should|than|that|"
    r"the|their|then|there|they|this|to|told|under|was|we|were|when|where|which|while|who|will|"
    r"with|would|you)\b)\w",
    re.IGNORECASE,
)
_MAX_UNMARKED_PARAGRAPHS = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One quotation mark, or a character that looks like one.

    Args:
        start: First code point.
        end: One past the last; two code points for doubled marks.
        kind: ``double``, ``single`` or ``angle``.
        role: ``open``, ``close``, ``continue`` (opens a further paragraph of a quote that runs
            on) or ``none`` (apostrophe, measure, decade, possessive, unbalanced mark).
        partner: Index in the list of marks: of an opening mark its closing one, or the mark that
            re-opens the quote in the next paragraph; of a closing mark its opening one. None for
            ``none``, and for the last opening mark of a quote that is never closed.
    """

    start: int
    end: int
    kind: str
    role: str
    partner: int | None


@dataclass(slots=True)
class _Opening:
    """An opening mark that waits for its closing one."""

    index: int
    family: str
    weak: bool = False
    tentative: int | None = None


@dataclass(slots=True)
class _Reader:
    """Roles of all marks of one text, filled paragraph by paragraph."""

    text: str
    spans: list[tuple[int, int]]
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    partners: list[int | None] = field(default_factory=list)
    stack: list[_Opening] = field(default_factory=list)
    open_counts: dict[str, int] = field(default_factory=dict)
    last_closed: _Opening | None = None

    def __post_init__(self) -> None:
        self.before, self.after = _neighbours(self.text, self.spans)
        self.roles = ["none"] * len(self.spans)
        self.partners = [None] * len(self.spans)

    def mark(self, index: int) -> str:
        start, end = self.spans[index]
        return self.text[start:end]

    def family(self, index: int) -> str:
        return _FAMILIES.get(self.mark(index), '"')

    def read(self, first: int, last: int, *, starts: bool, runs_on: str | None) -> _Opening | None:
        """Read the marks ``first`` to ``last`` of one paragraph.

        Args:
            first: Index of the first mark.
            last: One past the index of the last mark.
            starts: Whether the first mark opens the paragraph.
            runs_on: Family of the mark that opens the next paragraph, or None.

        Returns:
            The innermost opening mark that is left without a closing one, or None.
        """
        self.stack.clear()
        self.open_counts = {}
        self.last_closed = None
        for index in range(first, last):
            if self.family(index) == "'":
                self._single(index)
            else:
                self._double(index)
        unclosed = None
        while self.stack:
            opening = self.stack[-1]
            leads = starts and opening.index == first
            is_settled = opening.weak or (opening.tentative is not None and not leads)
            if unclosed is None and not is_settled and opening.family in (runs_on, '"', "«"):
                unclosed = opening
                self.stack.pop()
            else:
                self._drop()
        return unclosed

    def pair(self, opening: int, closing: int) -> None:
        self.roles[opening], self.roles[closing] = "open", "close"
        self.partners[opening], self.partners[closing] = closing, opening

    def run_on(self, opening: int, reopening: int) -> None:
        """Link an unclosed opening mark to the one that re-opens the quote a paragraph later."""
        if self.roles[opening] == "none":
            self.roles[opening] = "open"
        self.partners[opening] = reopening
        self.roles[reopening] = "continue"

    def close_late(self, opening: _Opening, first: int, last: int) -> None:
        """Close a quote at the first mark of a later paragraph, if that is an odd closing one.

        The opening mark must be the last of its paragraph: two odd marks then explain each other.
        """
        family = opening.family
        later = next((i for i in range(first, last) if self.family(i) == family), None)
        if later is None or family == "'" or self.roles[later] != "none":
            return
        if any(self.family(i) == family for i in range(opening.index + 1, first)):
            return
        closes = _side(self.before[later], self.after[later]) == "close"
        if closes and self.mark(later) not in _OPENERS and not self.before[later].isdigit():
            is_running = self.roles[opening.index] == "continue"
            self.pair(opening.index, later)
            if is_running:
                self.roles[opening.index] = "continue"

    def _push(self, index: int, family: str, *, weak: bool = False) -> None:
        self.stack.append(_Opening(index, family, weak))
        self.open_counts[family] = self.open_counts.get(family, 0) + 1

    def _drop(self) -> _Opening:
        """Take the innermost opening off the stack; it closes at its possessive, if it had one."""
        opening = self.stack.pop()
        self.open_counts[opening.family] -= 1
        if opening.tentative is not None and not opening.weak:
            self.pair(opening.index, opening.tentative)
        return opening

    def _close(self, index: int, family: str) -> None:
        """Close the nearest opening of the family; what stands open inside it is odd."""
        while self.stack[-1].family != family:
            self._drop()
        opening = self.stack.pop()
        self.open_counts[family] -= 1
        self.pair(opening.index, index)
        if family != "'":
            self.last_closed = opening

    def _double(self, index: int) -> None:
        mark, family = self.mark(index), self.family(index)
        if self._is_measure(index):
            return
        is_open = self.open_counts.get(family, 0) > 0
        side = _side(self.before[index], self.after[index])
        if mark in _OPENERS:
            closes = is_open and (side == "close" or (side == "both" and not self._leads(index)))
        elif mark in _CLOSERS:
            closes = is_open or side == "close" or (side == "both" and not self._is_free(index))
        else:
            closes = side == "close" or (side == "both" and is_open)
        if not closes:
            self._push(index, family)
        elif is_open:
            self._close(index, family)
        else:
            self._close_instead_of_inches(index, family)

    def _is_free(self, index: int) -> bool:
        return not self.before[index].strip()

    def _leads(self, index: int) -> bool:
        """Whether an opening mark without space before it stands at a word, as in ``said:“We``."""
        return not self._is_free(index) and _is_word(self.after[index])

    def _is_measure(self, index: int) -> bool:
        start = self.spans[index][0]
        if not self.before[index].isdigit() or self.mark(index) in _OPENERS:
            return False
        return _FEET_AND_INCHES.search(self.text, max(0, start - 10), start) is not None

    def _close_instead_of_inches(self, index: int, family: str) -> None:
        """An odd closing mark after one that followed a figure: the earlier one meant inches."""
        earlier = self.last_closed
        if earlier is None or earlier.family != family:
            return
        inches = self.partners[earlier.index]
        if inches is not None and self.before[inches].isdigit():
            self.roles[inches], self.partners[inches] = "none", None
            self.pair(earlier.index, index)
            self.last_closed = None

    def _single(self, index: int) -> None:
        before, after = self.before[index], self.after[index]
        if _is_word(before) and _is_word(after):
            return
        if before.strip() and _POSSESSIVE.match(self.text, self.spans[index][1]):
            return
        mark = self.mark(index)
        side = _side(before, after)
        is_open = bool(self.stack) and self.stack[-1].family == "'"
        blank = not before.strip() and not after.strip()
        if side == "both" and (is_open or mark in _CLOSERS or (blank and mark not in _OPENERS)):
            side = "close"
        if side == "close" and mark not in "‚‛" and (is_open or mark not in _OPENERS):
            if is_open:
                self._close_single(index)
        elif side != "close":
            self._open_single(index, mark)

    def _open_single(self, index: int, mark: str) -> None:
        end = self.spans[index][1]
        is_year = _YEAR.match(self.text, end) is not None
        if _LEADING_ELISION.match(self.text, end) or (is_year and mark == "’"):
            return
        if self.stack and self.stack[-1].family == "'":
            self._drop()
        self._push(index, "'", weak=mark == "’" or is_year)

    def _close_single(self, index: int) -> None:
        start, end = self.spans[index]
        opening = self.stack[-1]
        if not _is_word(self.before[index]):
            self._close(index, "'")
            return
        if self.text[start - 1] in "nN" and start >= 2 and self.text[start - 2] in "'’‘":
            return
        tail = self.text[max(0, start - 6) : start]
        possessive = self.before[index] in "sS" or _TRAILING_ELISION.search(tail) is not None
        if possessive and _CLOSED_NEXT.match(self.text, end):
            return
        if possessive and _POSSESSED.match(self.text, end):
            if opening.tentative is None:
                opening.tentative = index
            return
        self._close(index, "'")


def find_marks(text: str) -> list[Mark]:
    """Find every quotation mark and lookalike of a text and tell what it does.

    Knows curly, straight, doubled, low and angle marks, single and double, nested, quotes that
    run over several paragraphs with a mark at each opening, and marks that face the wrong way.

    Args:
        text: Any string.

    Returns:
        Marks in text order. Time grows linearly with the text.
    """
    spans = [match.span() for match in _MARK.finditer(text)]
    if not spans:
        return []
    reader = _Reader(text, spans)
    groups = _by_paragraph(spans, paragraphs(text))
    openings = [_opening_family(reader, *group) for group in groups]
    running: _Opening | None = None
    unmarked = 0
    for number, (_, first, last) in enumerate(groups):
        following = openings[number + 1] if number + 1 < len(groups) else None
        unclosed = reader.read(first, last, starts=openings[number] is not None, runs_on=following)
        if running is not None and openings[number] == running.family and not unmarked:
            if reader.partners[first] is not None or (unclosed and unclosed.index == first):
                reader.run_on(running.index, first)
        elif running is not None:
            reader.close_late(running, first, last)
        if first == last and running is not None and unmarked < _MAX_UNMARKED_PARAGRAPHS:
            unmarked += 1
        else:
            running, unmarked = unclosed, 0
    return [
        Mark(start, end, _KINDS[reader.family(index)], reader.roles[index], reader.partners[index])
        for index, (start, end) in enumerate(spans)
    ]


def _is_word(character: str) -> bool:
    return character.isalnum()


def _neighbours(text: str, spans: list[tuple[int, int]]) -> tuple[list[str], list[str]]:
    """The character before and after each mark, looking through marks that touch it."""
    before = ["" if start == 0 else text[start - 1] for start, _ in spans]
    after = [text[end : end + 1] for _, end in spans]
    for index in range(1, len(spans)):
        if spans[index - 1][1] == spans[index][0]:
            before[index] = before[index - 1]
    for index in range(len(spans) - 2, -1, -1):
        if spans[index][1] == spans[index + 1][0]:
            after[index] = after[index + 1]
    return before, after


def _side(before: str, after: str) -> str:
    """Whether a mark between two characters looks like ``open``, ``close`` or ``both``."""
    free_before = not before.strip() or before in _OPEN_BEFORE or before in _INVISIBLE
    free_after = not after.strip()
    if free_before and not free_after and (before.strip() or after not in ".,;:!?)]}>"):
        return "open"
    if not free_before and (free_after or after in _CLOSE_AFTER):
        return "close"
    if not free_before and before not in _DASHES and after in _DASHES:
        return "close"
    return "both"


def _by_paragraph(
    spans: list[tuple[int, int]], blocks: list[tuple[int, int]]
) -> list[tuple[int, int, int]]:
    """Start, first mark and one past the last mark of each paragraph."""
    groups = []
    first = 0
    for start, end in blocks:
        last = first
        while last < len(spans) and spans[last][0] < end:
            last += 1
        groups.append((start, first, last))
        first = last
    return groups


def _opening_family(reader: _Reader, start: int, first: int, last: int) -> str | None:
    """Family of the opening mark at the very start of a paragraph, or None."""
    if first == last or reader.text[start : reader.spans[first][0]][:8].strip(_INVISIBLE):
        return None
    is_elision = reader.family(first) == "'" and _LEADING_ELISION.match(
        reader.text, reader.spans[first][1]
    )
    return None if is_elision or not reader.after[first].strip() else reader.family(first)
