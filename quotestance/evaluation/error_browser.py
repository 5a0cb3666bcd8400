"""The errors of a system as one HTML page: gold and predicted marks one over the other.

The page is self-contained and opens offline: no network, a few lines of inline JavaScript to
filter. Everything that comes from articles and predictions is escaped.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from quotestance.evaluation.scoring import alignments
from quotestance.evaluation.spans import Alignment, Unit
from quotestance.evaluation.speakers import attributed
from quotestance.evaluation.stance import gold_label
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle

KINDS = {
    "missed": "Missed: a gold quote that no prediction overlaps by half",
    "spurious": "Spurious: a prediction that overlaps no gold quote by half",
    "boundary": "Boundary: found, but not the same words",
    "source": "Wrong source: found, the source is another",
    "speaker": "Wrong speaker: found, the name is another, missing or made up",
    "stance": "Wrong stance: found, the stance is another",
}
_CONTEXT = 160  # code points shown on each side of a quote
_ROLES = ("content", "source", "cue")
#: Columns of the table under a passage, with the kind of error that each shows.
_COLUMNS = {
    "content": "boundary",
    "source": "source",
    "cue": None,
    "speaker": "speaker",
    "stance": "stance",
    "target": None,
}


@dataclass(frozen=True)
class Fault:
    """One quote on which gold and prediction differ, and how."""

    article: AnnotatedArticle
    kinds: tuple[str, ...]
    gold: Quote | None
    predicted: Quote | None


def faults(alignment: Alignment) -> Iterator[Fault]:
    """The errors of one article, in text order."""
    article = alignment.article
    found = [
        Fault(article, kinds, gold.quote, predicted.quote)
        for gold, predicted in alignment.matched()
        if (kinds := tuple(_kinds(gold, predicted)))
    ]
    gold_seen = {i for i, _ in alignment.pairs}
    seen = {j for _, j in alignment.pairs}
    found += [
        Fault(article, ("missed",), one.quote, None)
        for i, one in enumerate(alignment.gold)
        if i not in gold_seen and one.content
    ]
    found += [
        Fault(article, ("spurious",), None, one.quote)
        for j, one in enumerate(alignment.predicted)
        if j not in seen and one.content
    ]
    yield from sorted(found, key=lambda fault: _bounds(fault)[0])


def error_page(
    gold: Sequence[AnnotatedArticle],
    predicted: Sequence[AnnotatedArticle],
    *,
    attributions: bool = False,
) -> str:
    """The page: a filter with counts for each kind of error, and each error in its passage.

    Args:
        gold: Hand labels.
        predicted: Predictions, found by id.
        attributions: As in ``score_quotes``.
    """
    aligned = alignments(gold, predicted, attributions=attributions)
    found = [fault for alignment in aligned for fault in faults(alignment)]
    counts = Counter(kind for fault in found for kind in fault.kinds)
    matched = sum(len(alignment.pairs) for alignment in aligned)
    filters = "".join(
        f'<label title="{escape(text)}"><input type="checkbox" value="{kind}" checked> '
        f'{escape(text.partition(":")[0])} <b data-count="{kind}">{counts[kind]}</b></label>'
        for kind, text in KINDS.items()
    )
    summary = (
        f"{len(aligned)} articles, {sum(len(a.gold) for a in aligned)} gold and "
        f"{sum(len(a.predicted) for a in aligned)} predicted quotes, {matched} matched."
    )
    cards = "".join(map(_card, found)) or "<p>No errors.</p>"
    return _PAGE.format(css=_CSS, summary=summary, filters=filters, cards=cards, script=_SCRIPT)


def _kinds(gold: Unit, predicted: Unit) -> Iterator[str]:
    if gold.content != predicted.content:
        yield "boundary"
    if not gold.same_source(predicted):
        yield "source"
    if gold.quote.has("speakers") and not attributed(gold.quote, predicted.quote):
        yield "speaker"
    label = predicted.quote.stance.label if predicted.quote.stance else None
    wanted = gold_label(gold.quote, label)
    if wanted is not None and wanted != label:
        yield "stance"


def _spans(quote: Quote | None, role: str) -> tuple[Span, ...]:
    return getattr(quote, role) if quote else ()


def _bounds(fault: Fault) -> tuple[int, int]:
    spans = [
        span
        for quote in (fault.gold, fault.predicted)
        for role in _ROLES
        for span in _spans(quote, role)
    ]
    return min(span.start for span in spans), max(span.end for span in spans)


def _card(fault: Fault) -> str:
    kinds = " ".join(fault.kinds)
    names = ", ".join(KINDS[kind].partition(":")[0].lower() for kind in fault.kinds)
    rows = _row("gold", fault.gold, ()) + _row("predicted", fault.predicted, fault.kinds)
    heads = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    return (
        f'<article class="error" data-kinds="{kinds}"><h2>{escape(names)} '
        f"<small>{escape(fault.article.id)}</small></h2>"
        f'<p class="passage">{_passage(fault)}</p>'
        f"<table><tr><th></th>{heads}</tr>{rows}</table></article>\n"
    )


def _row(side: str, quote: Quote | None, kinds: Sequence[str]) -> str:
    """What one side says; the cells of the kinds of error that were made are marked."""
    if quote is None:
        return f'<tr><th>{side}</th><td colspan="{len(_COLUMNS)}">none</td></tr>'
    values = {role: " … ".join(span.text for span in _spans(quote, role)) for role in _ROLES}
    values["speaker"] = "; ".join(speaker.name or "(no name)" for speaker in quote.speakers)
    values["stance"] = quote.stance.label if quote.stance else ""
    values["target"] = quote.target or ""
    cells = "".join(
        f"<td{' class=off' if kind in kinds else ''}>{escape(values[name])}</td>"
        for name, kind in _COLUMNS.items()
    )
    return f"<tr><th>{side}</th>{cells}</tr>"


def _passage(fault: Fault) -> str:
    """The words around the quote; gold marked by a line under, predictions by the ground."""
    text = fault.article.text
    start, end = _bounds(fault)
    start, end = max(0, start - _CONTEXT), min(len(text), end + _CONTEXT)
    marks = [
        (span, f"{side}-{role}")
        for side, quote in (("gold", fault.gold), ("predicted", fault.predicted))
        for role in _ROLES
        for span in _spans(quote, role)
    ]
    edges = {start, end} | {edge for span, _ in marks for edge in span}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    parts = ["… " if start else ""]
    for left, right in itertools.pairwise(cuts):
        classes = [name for span, name in marks if span.start <= left and right <= span.end]
        words = escape(text[left:right])
        title = escape(", ".join(name.replace("-", " ") for name in classes))
        parts.append(
            f'<mark class="{" ".join(classes)}" title="{title}">{words}</mark>'
            if classes
            else words
        )
    return "".join(parts) + (" …" if end < len(text) else "")


_CSS = """
body{font:16px/1.6 Georgia,serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1b1b;
background:#fff;overflow-wrap:anywhere}
h1,h2,fieldset,table,.legend{font-family:system-ui,sans-serif}
h1{font-size:1.4rem}h2{font-size:1rem;margin:0}h2 small{color:#555;font-weight:normal}
fieldset{border:1px solid #999;position:sticky;top:0;background:#fff;font-size:.9rem}
label{margin-right:1rem;white-space:nowrap}
.error{border-top:2px solid #ccc;padding:1rem 0}.error[hidden]{display:none}
.passage{white-space:pre-wrap}
mark{background:none;color:inherit}
.gold-content{border-bottom:3px solid #0b62a5}
.gold-source{border-bottom:3px dashed #0b62a5}
.gold-cue{border-bottom:3px dotted #0b62a5}
.predicted-content{background:#fde0a0}
.predicted-source{background:#d9c7f0}
.predicted-cue{background:#cfe8cf}
table{border-collapse:collapse;overflow-wrap:break-word;font-size:.8rem;line-height:1.4;width:100%}
td.off{background:#fbdcdc}
th,td{border-top:1px solid #ddd;text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0}
"""

_SCRIPT = """
const boxes = [...document.querySelectorAll('input[type=checkbox]')];
const errors = [...document.querySelectorAll('.error')];
const shown = document.getElementById('shown');
function filter() {
  const kinds = new Set(boxes.filter(box => box.checked).map(box => box.value));
  let count = 0;
  for (const error of errors) {
    error.hidden = !error.dataset.kinds.split(' ').some(kind => kinds.has(kind));
    count += !error.hidden;
  }
  shown.textContent = count;
}
boxes.forEach(box => box.addEventListener('change', filter));
filter();
"""

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Errors</title><style>{css}</style></head><body>
<h1>Errors</h1><p>{summary} Shown: <b id="shown">all</b>.</p>
<p class="legend"><mark class="gold-content">gold content</mark>,
<mark class="gold-source">gold source</mark>, <mark class="gold-cue">gold cue</mark>;
<mark class="predicted-content">predicted content</mark>,
<mark class="predicted-source">predicted source</mark>,
<mark class="predicted-cue">predicted cue</mark>.</p>
<fieldset><legend>Show errors of kind</legend>{filters}</fieldset>
{cards}<script>{script}</script></body></html>
"""
