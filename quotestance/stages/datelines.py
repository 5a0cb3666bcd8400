"""Datelines: place, date and agency before a report are nobody's words and name no source."""

from __future__ import annotations

import re

from quotestance.paragraphs import paragraphs

_PLACE = r"[A-Z\u00c0-\u00de][\w.'\u2019/-]*(?: [A-Z\u00c0-\u00de][\w.'\u2019/-]*){0,3}"
_CAPITALS = (
    r"[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de.'\u2019/-]+(?: [A-Z\u00c0-\u00de.'\u2019/-]+){0,3}"
)
_REST = r"(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?)?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
_AGENCY = r" ?\([^()\n]{2,30}\)"
_DASH = r"\s?(?:--?|[\u2013\u2014])\s"
_DATELINE = re.compile(
    rf"(?:{_CAPITALS}{_REST}(?:{_AGENCY})?|(?:{_PLACE}{_REST})?{_AGENCY}){_DASH}"
)


def datelines(text: str) -> list[tuple[int, int]]:
    """Datelines at the start of a paragraph, dash included: ``PARIS, May 3 (Agency) -``.

    The place is in capitals, or an agency follows in brackets.

    Args:
        text: Any string.

    Returns:
        Spans ``(start, end)`` in code points, in order.
    """
    found = (_DATELINE.match(text, start, end) for start, end in paragraphs(text))
    return [match.span() for match in found if match is not None]
