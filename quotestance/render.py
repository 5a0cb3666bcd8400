"""One article with its quotes, as HTML (page or notebook fragment) and as a terminal table.

The HTML is in the manner of displaCy: contents, sources and cues are marked in the text and
linked by the id of their quote. Stance shows by colour and by sign, so that it survives print
and colour blindness. Everything that comes from an article is escaped; nothing is loaded.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from quotestance.records import AnnotatedArticle, Quote

__all__ = ["SIGNS", "fragment", "page", "page_parts", "printable", "table"]

SIGNS = {"supportive": "+", "neutral": "0", "critical": "−"}
_TERMINAL_STYLES = {"supportive": "green", "neutral": "dim", "critical": "red"}
_ROLES = ("content", "source", "cue")
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_CSS = """
.qs-article{background:#fff;color:#1b1b1b;font:16px/1.7 Georgia,serif;max-width:56rem;
margin:0 auto 2rem;padding:1rem;overflow-wrap:anywhere}
.qs-article h2{font-size:1.25rem;margin:0}
.qs-meta,.qs-legend,.qs-article table,.qs-tag{font-family:system-ui,sans-serif}
.qs-meta,.qs-legend{font-size:.8rem;color:#555;margin:.25rem 0 1rem}
.qs-warning{border-left:4px solid #b26a00;padding-left:.5rem;font-size:.9rem}
.qs-text{white-space:pre-wrap}
.qs-article mark{color:inherit;background:none;box-decoration-break:clone;
-webkit-box-decoration-break:clone;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.qs-article mark.qs-content{background:#eee;border-bottom:2px solid #777;padding:.1em 0}
.qs-article mark.qs-supportive{background:#d5e8f8;border-bottom:2px solid #0b62a5}
.qs-article mark.qs-critical{background:#fde0c8;border-bottom:2px dashed #b34700}
.qs-article mark.qs-nested{border-bottom-style:double;border-bottom-width:4px}
.qs-article mark.qs-source{outline:1px solid #5b3f99;border-radius:2px}
.qs-article mark.qs-cue{text-decoration:underline dotted 2px #5b3f99;text-underline-offset:3px}
.qs-tag{font-size:.65rem;line-height:1;white-space:nowrap;color:#333;background:#f3f0fa;
border:1px solid #bbb;border-radius:3px;padding:0 .25em;margin:0 .15em;text-decoration:none}
.qs-tag-supportive{color:#0b62a5;border-color:#0b62a5;background:#fff}
.qs-tag-critical{color:#b34700;border-color:#b34700;background:#fff}
.qs-scroll:focus-visible,.qs-tag:focus,.qs-tag:hover,.qs-article :target{outline:3px solid #5b3f99}
.qs-scroll{overflow-x:auto;margin-top:1.5rem}
.qs-article table{overflow-wrap:break-word;border-collapse:collapse;font-size:.8rem;
line-height:1.4;width:100%;min-width:38rem}
.qs-article td.qs-whole{white-space:nowrap}
.qs-article caption{text-align:left;font-weight:bold;padding-bottom:.25rem}
.qs-article th,.qs-article td{border-top:1px solid #ccc;padding:.3rem .5rem .3rem 0;
text-align:left;vertical-align:top;background:none;color:inherit}
@media print{.qs-article{max-width:none;padding:0;font-size:11pt}.qs-article table{min-width:0}
.qs-article tr{break-inside:avoid}.qs-tag{color:#000;background:none}.qs-scroll{overflow:visible}}
"""

_LEGEND = (
    "Filled: what is said. Boxed: who says it (source). Dotted: the reporting words (cue). "
    "Stance of the speaker toward the target: + supportive, 0 neutral, − critical."
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One piece of a role of one quote, to be shown over ``[start, end)``."""

    start: int
    end: int
    number: int
    role: str
    first: bool
    last: bool


def table(doc: AnnotatedArticle) -> Table:
    """The quotes of an article as a table for the terminal (rich).

    Returns:
        One row a quote: id, words, speaker with channels, target, stance, confidence. Control
        characters of the article are shown as escapes, so that none reaches the terminal.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    title = doc.title or doc.id
    out = Table(box=box.SIMPLE, show_lines=True, expand=True)
    out.title = Text(_one_line(title)) if title else None
    out.add_column("id", no_wrap=True)
    out.add_column("quote", ratio=4, overflow="fold")
    out.add_column("speaker", ratio=2, overflow="fold")
    out.add_column("toward", ratio=2, overflow="fold")
    out.add_column("stance", no_wrap=True)
    out.add_column("conf.", justify="right", no_wrap=True)
    for quote in doc.quotes:
        label = quote.stance.label if quote.stance else ""
        cells = (quote.id, quote.text + _remark(quote), _speakers(quote), quote.target or "")
        sure = quote.confidence.quote
        out.add_row(
            *(Text(_one_line(cell)) for cell in cells),
            Text(f"{SIGNS[label]} {label}" if label else "", _TERMINAL_STYLES.get(label, "")),
            "" if sure is None else f"{sure:.2f}",
        )
    count = len(doc.quotes)
    notes = [f"{count} quote{'' if count == 1 else 's'}"]
    notes += [f"warning: {_one_line(warning)}" for warning in doc.warnings]
    out.caption = Text("\n".join(notes))
    return out


def page(docs: Iterable[AnnotatedArticle]) -> str:
    """One self-contained HTML page with all articles, one below the other."""
    return "".join(page_parts(docs))


def page_parts(docs: Iterable[AnnotatedArticle]) -> Iterator[str]:
    """The same page piece by piece, an article at a time, for long runs."""
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Quotes</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<main>\n"
    )
    for index, doc in enumerate(docs):
        yield _article(doc, f"a{index}-")
    yield "</main>\n</body>\n</html>\n"


def fragment(doc: AnnotatedArticle) -> str:
    """One article as an HTML fragment with its own style, as notebooks show it."""
    # Two fragments can stand in one notebook, so their anchors must differ.
    digest = hashlib.sha256(f"{doc.id}\n{doc.text}".encode("utf-8", "surrogatepass"))
    return f"<style>{_CSS}</style>\n{_article(doc, f'qs{digest.hexdigest()[:10]}-')}"


def printable(text: str) -> str:
    """``text`` with control characters, lone surrogates and bidi controls shown as escapes.

    Newlines and tabs stay. What is left can be written to any UTF-8 stream and cannot steer a
    terminal.
    """
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape", "surrogatepass").decode("ascii")
        if (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t")
        or char in _BIDI_CONTROLS
        else char
        for char in text
    )


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _remark(quote: Quote) -> str:
    """What a reader must know not to misread the quote, in brackets."""
    notes = [note for note, holds in (
        ("denied", quote.polarity == "denied"),
        ("thought", quote.mode == "thought"),
        ("not a quote", not quote.is_quote),
    ) if holds]  # fmt: skip
    return f" [{', '.join(notes)}]" if notes else ""


def _speakers(quote: Quote) -> str:
    names = [
        speaker.name or (speaker.mention.text if speaker.mention else "") or f"({speaker.type})"
        for speaker in quote.speakers
    ]
    who = " and ".join(names) or " … ".join(span.text for span in quote.source)
    return f"{who} via {', '.join(quote.via)}".strip() if quote.via else who


def _article(doc: AnnotatedArticle, prefix: str) -> str:
    heading = doc.title or doc.id or "Article"
    meta = " · ".join(_html(part) for part in (doc.outlet, doc.date) if part)
    warnings = "".join(
        f'<p class="qs-warning" role="note">Warning: {_html(text)}</p>\n' for text in doc.warnings
    )
    return (
        f'<article class="qs-article" aria-label="{_html(heading)}">\n'
        f'<h2 dir="auto">{_html(heading)}</h2>\n<p class="qs-meta">{meta}</p>\n{warnings}'
        f'<p class="qs-legend">{_LEGEND}</p>\n'
        f'<div class="qs-text" dir="auto">{_marked_text(doc, prefix)}</div>\n'
        f"{_quote_table(doc, prefix)}</article>\n"
    )


def _marked_text(doc: AnnotatedArticle, prefix: str) -> str:
    """The text cut where any span starts or ends, so that crossing spans still nest as HTML."""
    marks = list(_marks(doc))
    starts: dict[int, list[_Mark]] = {}
    ends: dict[int, list[_Mark]] = {}
    for mark in marks:
        starts.setdefault(mark.start, []).append(mark)
        ends.setdefault(mark.end, []).append(mark)
    cuts = sorted({0, len(doc.text), *starts, *ends})
    out: list[str] = []
    active: list[_Mark] = []
    for start, end in zip(cuts, [*cuts[1:], cuts[-1]], strict=True):
        closed = ends.get(start, [])
        if closed:
            active = [mark for mark in active if mark.end != start]
            out += (_end_tag(doc, mark, prefix) for mark in closed if mark.role != "content")
        opened = sorted(starts.get(start, []), key=lambda mark: -mark.end)
        active += opened
        out += (_start_tag(doc, mark, prefix) for mark in opened if mark.role == "content")
        if end > start:
            out.append(_segment(doc, start, end, active))
    return "".join(out)


def _marks(doc: AnnotatedArticle) -> Iterator[_Mark]:
    for number, quote in enumerate(doc.quotes):
        for role in _ROLES:
            spans = [span for span in getattr(quote, role) if span.start < span.end]
            for i, span in enumerate(spans):
                yield _Mark(span.start, span.end, number, role, i == 0, i == len(spans) - 1)


def _segment(doc: AnnotatedArticle, start: int, end: int, active: list[_Mark]) -> str:
    words = _html(doc.text[start:end])
    if not active:
        return words
    contents = [mark for mark in active if mark.role == "content"]
    classes = [f"qs-{role}" for role in _ROLES if any(mark.role == role for mark in active)]
    if contents:
        inner = max(contents, key=lambda mark: (mark.start, -mark.end))
        stance = doc.quotes[inner.number].stance
        classes += [f"qs-{stance.label}"] if stance else []
        classes += ["qs-nested"] if len(contents) > 1 else []
    title = "; ".join(f"{mark.role} of {doc.quotes[mark.number].id}" for mark in active)
    return f'<mark class="{" ".join(classes)}" title="{_html(title)}">{words}</mark>'


def _start_tag(doc: AnnotatedArticle, mark: _Mark, prefix: str) -> str:
    """The label before a content: id and sign, linked to the row that tells the rest."""
    quote = doc.quotes[mark.number]
    anchor = f' id="{prefix}t{mark.number}"' if mark.first else ""
    label = quote.stance.label if quote.stance else ""
    spoken = f"Quote {quote.id}" + (f", {label}" if label else "")
    spoken += f" toward {quote.target}" if quote.target else ""
    shown = f"{quote.id} {SIGNS[label]}" if label else quote.id
    if quote.polarity == "denied":
        spoken, shown = f"{spoken}, denied", f"{shown} denied"
    kind = f" qs-tag-{label}" if label else ""
    return (
        f'<a class="qs-tag{kind}"{anchor} href="#{prefix}r{mark.number}" '
        f'aria-label="{_html(spoken)}">{_html(shown)}</a>'
    )


def _end_tag(doc: AnnotatedArticle, mark: _Mark, prefix: str) -> str:
    """The label after a source or cue, linked to the content that it belongs to."""
    id = _html(doc.quotes[mark.number].id)
    return (
        f'<a class="qs-tag" href="#{prefix}t{mark.number}" '
        f'aria-label="{mark.role} of quote {id}">{id} {mark.role}</a>'
    )


def _quote_table(doc: AnnotatedArticle, prefix: str) -> str:
    count = len(doc.quotes)
    caption = f"{count} quote{'' if count == 1 else 's'}"
    sure = any(_confidence(quote) for quote in doc.quotes)
    rows = "".join(
        _quote_row(quote, number, prefix, sure) for number, quote in enumerate(doc.quotes)
    )
    heads = ("Quote", "Words", "Speaker", "Toward", "Stance", *(("Confidence",) if sure else ()))
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return (
        f'<div class="qs-scroll" tabindex="0" role="region" aria-label="{caption}"><table>\n'
        f"<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table></div>\n"
    )


def _quote_row(quote: Quote, number: int, prefix: str, sure: bool) -> str:
    cells = (quote.text + _remark(quote), _speakers(quote), quote.target or "")
    confidence = f"<td>{_confidence(quote)}</td>" if sure else ""
    return (
        f'<tr id="{prefix}r{number}"><th scope="row"><a href="#{prefix}t{number}">'
        f"{_html(quote.id)}</a></th>"
        + "".join(f'<td dir="auto">{_html(cell)}</td>' for cell in cells)
        + f'<td class="qs-whole">{_stance(quote)}</td>{confidence}</tr>\n'
    )


def _stance(quote: Quote) -> str:
    if quote.stance is None:
        return ""
    score = quote.stance.score
    shown = "" if score is None else f" ({score:+.2f})".replace("-", "−")
    return f"{SIGNS[quote.stance.label]} {quote.stance.label}{shown}"


def _confidence(quote: Quote) -> str:
    sure = quote.confidence
    shown = (("quote", sure.quote), ("speaker", sure.speaker), ("stance", sure.stance))
    return ", ".join(f"{name} {value:.2f}" for name, value in shown if value is not None)


def _html(text: str) -> str:
    """``text`` escaped; NUL and lone surrogates, which HTML cannot hold, become U+FFFD."""
    if not text.isascii() or "\0" in text:
        text = "".join(
            "\ufffd" if char == "\0" or 0xD800 <= ord(char) <= 0xDFFF else char for char in text
        )
    return escape(text, quote=True)
