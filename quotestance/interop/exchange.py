"""What the exchange formats share: refusing what one cannot hold, and merging labels back.

Each format shows a part of a quote in its own terms (regions, tags, attributes) and carries the
whole quote beside it, in a place where the format allows free data. On reading, what is shown
wins wherever it was changed; where it was not, the carried quote is taken as it was.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from quotestance.errors import InputError
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle

SURROGATE = re.compile(r"[\ud800-\udfff]")
ROLES = ("content", "cue", "source", "target_span")
CHOICES = ("kind", "polarity", "mode", "stance", "target_type")

# Keys that say something about another key, and are void when that one was changed by hand.
_DEPENDENT = {
    "stance": ("stance_probabilities", "stance_score"),
    "target": ("target_id",),
    "target_span": ("target_id",),
}


def forbid(doc: AnnotatedArticle, pattern: re.Pattern[str], format_: str, why: str) -> None:
    """Refuse an article whose text holds a character that the format cannot hold.

    Raises:
        InputError: Names the article, the offset (in code points) and the character.
    """
    found = pattern.search(doc.text)
    if found:
        raise InputError(
            f"article {doc.id!r}: {format_} cannot hold {named(found[0])} at offset "
            f"{found.start()}: {why}",
            field="text",
            hint="replace the character one for one, so that the offsets stay",
        )


def named(character: str) -> str:
    """A character as ``U+XXXX (NAME)``."""
    name = unicodedata.name(character, "a lone surrogate" if SURROGATE.match(character) else "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def refuse_span(
    doc: AnnotatedArticle, quote: Quote, role: str, span: Span, format_: str, why: str
) -> InputError:
    """The error for a span that the format cannot hold; names id, offset and character."""
    following = doc.text[span.start : span.start + 1]
    place = f"before {named(following)}" if following else "at the end of the text"
    return InputError(
        f"article {doc.id!r}, quote {quote.id!r}: {format_} cannot hold the {role} "
        f"{list(span)} at offset {span.start}, {place}: {why}",
        field=role,
        hint="quotestance check names such spans; mend or drop them first",
    )


def spans_of(quote: Quote, role: str) -> tuple[Span, ...]:
    """The pieces of a role; ``target_span`` counts as a role of at most one piece."""
    if role == "target_span":
        return () if quote.target_span is None else (quote.target_span,)
    spans: tuple[Span, ...] = getattr(quote, role)
    return spans


def set_spans(shown: dict[str, Any], role: str, pairs: list[list[int]]) -> None:
    """Put the pieces of a role under its key, as the record format writes them."""
    if role != "target_span":
        shown[role] = pairs
    elif pairs:
        shown[role] = [pairs[0][0], pairs[-1][1]]


def choices_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The labels of a quote that are one of a few words; ``is_quote`` only where false."""
    shown = {key: data[key] for key in CHOICES if data.get(key) is not None}
    if data.get("is_quote") is False:
        shown["is_quote"] = False
    return shown


def merge(
    carried: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    """The carried quote with what was changed by hand since.

    Args:
        carried: JSON object of the whole quote.
        before: What the format showed of it when it was written.
        now: What the format shows of it today, under the same keys.
    """
    out = dict(carried)
    changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
    for key in changed:
        out.pop(key, None)
        for other in _DEPENDENT.get(key, ()):
            out.pop(other, None)
        if key in now:
            out[key] = now[key]
    if changed:
        out.pop("confidence", None)
    return out


def envelope(doc: AnnotatedArticle) -> dict[str, Any]:
    """The record without its text and quotes: what formats carry as free data."""
    data = doc.to_dict()
    return {key: value for key, value in data.items() if key not in ("text", "quotes")}


def rebuild(
    text: str, article: Mapping[str, Any], quotes: Iterable[Mapping[str, Any]]
) -> AnnotatedArticle:
    """The record of an envelope, a text and quotes; ids are given where they lack.

    Raises:
        InputError: A quote breaks the record format.
    """
    rows = [dict(quote) for quote in quotes]
    known = {row["id"] for row in rows if "id" in row}
    fresh = (f"q{n}" for n in range(1, len(rows) * 2 + 2) if f"q{n}" not in known)
    for row in rows:
        row.setdefault("id", next(fresh) if "id" not in row else row["id"])
    known = {row["id"] for row in rows}
    for row in rows:
        if row.get("inside") is not None and row["inside"] not in known:
            del row["inside"]  # the quote that enclosed it was deleted
    return AnnotatedArticle.from_dict({**article, "text": text, "quotes": rows})


def in_order(quotes: list[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Quotes by their number in the record that was written; in text order if some are new.

    Args:
        quotes: Number in the record (-1 for a quote that was added by hand) and JSON object.
    """
    if any(number < 0 for number, _ in quotes):
        return [q for _, q in sorted(quotes, key=lambda item: _start(item[1]))]
    return [q for _, q in sorted(quotes, key=lambda item: item[0])]


def _start(quote: Mapping[str, Any]) -> list[int]:
    return min(quote["content"], default=[0, 0])


_UNSAFE = re.compile("[\ud800-\udfff\x7f-\x9f\u2028\u2029]")


def one_line(value: Any) -> str:
    """JSON that stays on one line of a UTF-8 file, readable where it can be."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
