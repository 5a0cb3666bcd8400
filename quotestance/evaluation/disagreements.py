"""Where two annotators differ, side by side, in the terminal and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from quotestance.evaluation.bootstrap import Figure
from quotestance.evaluation.spans import Alignment, Unit
from quotestance.evaluation.speakers import names, normalize
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle
from quotestance.render import printable

if TYPE_CHECKING:
    from rich.table import Table

_KEYS = (
    *("is_quote", "content", "cue", "source", "speakers", "via", "stance", "target"),
    *("kind", "polarity", "mode", "target_type"),
)
_AROUND = 60


@dataclass(frozen=True)
class Disagreement:
    """One quote that two annotators labelled differently, or that only one of them marked.

    Args:
        article: The article.
        keys: What differs (``content``, ``source``, ``stance``, ...); ``quote`` where only one
            of the two marked it.
        first: The quote of the first annotator, if any.
        second: That of the second.
    """

    article: AnnotatedArticle
    keys: tuple[str, ...]
    first: Quote | None
    second: Quote | None

    def shown(self, key: str) -> tuple[str, str]:
        """What each of the two gave under ``key``, a dash for nothing."""
        return show(self.first, key), show(self.second, key)

    def to_dict(self) -> dict[str, Any]:
        """JSON object: article, keys and both quotes (null for one that is missing)."""
        return {
            "article": self.article.id,
            "keys": list(self.keys),
            "first": self.first.to_dict() if self.first else None,
            "second": self.second.to_dict() if self.second else None,
        }


def disagreements(alignment: Alignment) -> Iterator[Disagreement]:
    """The disagreements of one article, in text order."""
    found = []
    for one, other in alignment.matched():
        keys = tuple(_differing(one, other))
        if keys:
            found.append(Disagreement(alignment.article, keys, one.quote, other.quote))
    first = {i for i, _ in alignment.pairs}
    second = {j for _, j in alignment.pairs}
    found += [
        Disagreement(alignment.article, ("quote",), unit.quote, None)
        for i, unit in enumerate(alignment.gold)
        if i not in first
    ]
    found += [
        Disagreement(alignment.article, ("quote",), None, unit.quote)
        for j, unit in enumerate(alignment.predicted)
        if j not in second
    ]
    yield from sorted(found, key=_start)


def _differing(one: Unit, other: Unit) -> Iterator[str]:
    for key in _KEYS:
        if one.quote.has(key) and other.quote.has(key):
            a, b = _value(one, key), _value(other, key)
            same = _same_speakers(one.quote, other.quote) if key == "speakers" else a == b
            if not same and (key != "stance" or None not in (a, b)):
                yield key


def _value(unit: Unit, key: str) -> object:
    """What is compared: tokens of a role, names without case and accents, labels."""
    if key in ("content", "cue", "source"):
        return getattr(unit, key)
    if key == "via":
        return {normalize(name) for name in unit.quote.via}
    if key == "target":
        return normalize(unit.quote.target or "")
    if key == "stance":
        return unit.quote.stance and unit.quote.stance.label
    return getattr(unit.quote, key)


def _same_speakers(a: Quote, b: Quote) -> bool:
    if len(a.speakers) != len(b.speakers):
        return False
    return all(
        any(names(one) & names(other) or names(one) == names(other) for other in b.speakers)
        for one in a.speakers
    )


def _spans(quote: Quote | None) -> list[Span]:
    return [] if quote is None else [*quote.content, *quote.cue, *quote.source]


def _start(found: Disagreement) -> int:
    return min((s.start for s in [*_spans(found.first), *_spans(found.second)]), default=0)


def show(quote: Quote | None, key: str) -> str:
    """What a quote holds under ``key``, in words."""
    if quote is None:
        return "-"
    if key in ("content", "cue", "source"):
        words = " … ".join(" ".join(span.text.split()) for span in getattr(quote, key))
    elif key == "speakers":
        words = "; ".join(f"{s.name or 'unnamed'} ({s.type})" for s in quote.speakers)
    elif key == "via":
        words = "; ".join(quote.via)
    elif key == "stance":
        words = quote.stance.label if quote.stance else ""
    elif key == "is_quote":
        words = "a quote" if quote.is_quote else "no quote"
    else:
        words = getattr(quote, key) or ""
    return words or "-"


def _rows(found: Disagreement) -> list[str]:
    """The keys to show: the content always, then what differs."""
    return ["content", *(key for key in found.keys if key not in ("quote", "content"))]


def disagreement_table(found: Sequence[Disagreement]) -> Table:
    """All disagreements as a table for the terminal, the two annotators side by side."""
    from rich.table import Table
    from rich.text import Text

    out = Table(title=f"{len(found)} disagreements", title_justify="left", show_lines=False)
    for name in ("article", "what", "first", "second"):
        out.add_column(name, overflow="fold")
    for one in found:
        for number, key in enumerate(_rows(one)):
            place = printable(one.article.id) if number == 0 else ""
            cells = (place, key, *(printable(side) for side in one.shown(key)))
            last = number == len(_rows(one)) - 1
            out.add_row(*(Text(cell) for cell in cells), end_section=last)
    return out


_CSS = """
body{font:16px/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:72rem;
margin:0 auto;padding:1rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
caption{text-align:left;padding:.25rem 0;color:#555}
th,td{border-bottom:1px solid #ccc;text-align:left;vertical-align:top;padding:.25rem .5rem}
tbody th{font-weight:normal;color:#555;width:7rem}
.differs td{background:#fff4d6}
.figures td,.figures th{width:auto}
h2{font-size:1.05rem;margin:0}
"""


def disagreement_page(found: Sequence[Disagreement], scores: Mapping[str, Figure], n: int) -> str:
    """Figures and disagreements as one self-contained HTML page, everything escaped.

    Args:
        found: The disagreements.
        scores: The figures, in percent.
        n: Articles that both labelled.
    """
    from quotestance.evaluation.report import measured
    from quotestance.evaluation.report import show as figure

    figures = "".join(
        f"<tr><th>{_html(name)}</th><td>{_html(figure(scores[name]))}</td>"
        f"<td>{scores[name].n}</td></tr>"
        for name in measured([scores])
    )
    counts = Counter(key for one in found for key in one.keys)
    kinds = ", ".join(f"{key} {count}" for key, count in counts.most_common())
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Agreement</title><style>{_CSS}</style></head><body>\n<h1>Agreement</h1>\n"
        f"<table class='figures'><caption>{n} articles labelled by both; in percent, 95 % "
        "intervals over articles; kappa and alpha times 100</caption><thead><tr><th>figure</th>"
        f"<th>value</th><th>n</th></tr></thead><tbody>{figures}</tbody></table>\n"
        f"<h1>{len(found)} disagreements</h1>\n<p>{_html(kinds)}</p>\n"
        + "".join(map(_card, found))
        + "</body></html>\n"
    )


def _card(found: Disagreement) -> str:
    rows = "".join(
        f"<tr{' class=differs' if key in found.keys else ''}><th>{key}</th>"
        + "".join(f"<td>{_html(side)}</td>" for side in found.shown(key))
        + "</tr>"
        for key in _rows(found)
    )
    return (
        f"<h2>{_html(found.article.id)}: {_html(', '.join(found.keys))}</h2>\n"
        f"<table><caption>{_html(_passage(found))}</caption><thead><tr><th></th><th>first</th>"
        f"<th>second</th></tr></thead><tbody>{rows}</tbody></table>\n"
    )


def _passage(found: Disagreement) -> str:
    spans = [*_spans(found.first), *_spans(found.second)]
    if not spans:
        return ""
    start = max(0, min(span.start for span in spans) - _AROUND)
    end = max(span.end for span in spans) + _AROUND
    return "… " + " ".join(found.article.text[start:end].split()) + " …"


def _html(text: str) -> str:
    return escape(printable(text))
