"""Made examples of a quote inside a quote: PolNeAR is flat, articles are not.

A labelled sentence that reports what somebody said becomes the content of another attribution,
whose source and cue are drawn from the same corpus.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle
from quotestance.text import find_marks, paragraphs

_TO_SINGLE = str.maketrans({"“": "‘", "”": "’", '"': "'"})
_LONGEST = 320
_CUES = (
    *("said", "said", "told reporters", "says", "wrote", "added", "claimed"),
    *("recalled", "explained", "testified", "noted", "complained"),
)
_GOES_ON = 0.4  # share of the quoted that say something more after the inner quote
_RELATIVE = frozenset({"who", "that", "those", "which", "it", "this"})


@dataclass(frozen=True)
class Report:
    """A sentence that holds exactly one attribution in one piece; spans count from its start."""

    text: str
    content: Span
    source: Span
    cue: Span


def find_reports(docs: Sequence[AnnotatedArticle]) -> list[Report]:
    """Sentences that hold one whole attribution with source and cue, and nothing of another."""
    out = []
    for doc in docs:
        spans = [s for q in doc.quotes for s in (*q.content, *q.source, *q.cue)]
        for quote in doc.quotes:
            if not (len(quote.content) == len(quote.source) == len(quote.cue) == 1):
                continue
            roles = (quote.content[0], quote.source[0], quote.cue[0])
            start, end = min(s.start for s in roles), max(s.end for s in roles)
            if end - start > _LONGEST or not _opens_sentence(doc.text, start):
                continue
            here = Span(start, end)
            if sum(span.overlaps(here) for span in spans) != 3:
                continue
            out.append(_report(doc.text, start, end, roles))
    return [report for report in out if "\n" not in report.text]


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start][-3:].rstrip(" ")
    return text[start : start + 1].isupper() and before[-1:] in ("", "\n", ".", "!", "?")


def _report(text: str, start: int, end: int, roles: tuple[Span, Span, Span]) -> Report:
    end += text[end : end + 1] == "."
    content, source, cue = (Span(s.start - start, s.end - start) for s in roles)
    return Report(text[start:end], content, source, cue)


class NestedWriter:
    """Writes paragraphs in which one attribution stands inside another.

    Args:
        docs: Labelled articles to draw sentences, sources and cues from.
        seed: Seed of the draws.
    """

    def __init__(self, docs: Sequence[AnnotatedArticle], seed: int) -> None:
        self._random = random.Random(seed)
        self._reports = find_reports(docs)
        named = {r.text[r.source.start : r.source.end] for r in self._reports}
        self._sources = sorted(s for s in named if s.lower() not in _RELATIVE)
        self._plain = plain_paragraphs(docs)
        self._more = [s for text in self._plain for s in _sentences(text)]

    def article(self, name: str, nested: int = 3, plain: int = 2) -> AnnotatedArticle:
        """An article of ``nested`` made paragraphs between ``plain`` ones without any quote."""
        draw = self._random
        kinds = ["nested"] * nested + ["plain"] * plain
        draw.shuffle(kinds)
        text = ""
        quotes: list[Quote] = []
        for kind in kinds:
            if kind == "plain" and self._plain:
                text += draw.choice(self._plain)
            else:
                paragraph, pair = self._nested(len(text), f"{len(quotes)}")
                text += paragraph
                quotes += pair
            text += "\n\n"
        return AnnotatedArticle(text=text, id=name, quotes=tuple(quotes))

    def _nested(self, offset: int, name: str) -> tuple[str, list[Quote]]:
        draw = self._random
        report = draw.choice(self._reports)
        source = draw.choice(self._sources)
        cue = draw.choice(_CUES)
        body = report.text
        style = draw.choice(("that", "that", "after", "before", "colon"))
        capital = source[:1].upper() + source[1:]
        if style == "that":
            lead, body = f"{capital} {cue} ", "that " + _continued(body)
            shift = 5
            text, start, cue_at = lead + body, len(lead), len(capital) + 1
            source_at = 0
        else:
            opening, closing = draw.choice((("“", "”"), ('"', '"'), ("‘", "’")))
            if opening != "‘":
                body = body.translate(_TO_SINGLE)
            body = body[:1].upper() + body[1:]
            if self._more and body.endswith(".") and draw.random() < _GOES_ON:
                body += " " + draw.choice(self._more)
            shift = 1
            if style == "after":
                quoted = f"{opening}{body.rstrip('.')},{closing}"
                text = f"{quoted} {source} {cue}"
                source_at, start = len(quoted) + 1, 0
                cue_at = source_at + len(source) + 1
            else:
                quoted = f"{opening}{body}{closing}"
                between = ": " if style == "colon" else ", "
                text = f"{capital} {cue}{between}{quoted}"
                source_at, cue_at = 0, len(capital) + 1
                start = cue_at + len(cue) + len(between)
            body = quoted
        end = start + len(body)

        def at(low: int, high: int) -> Span:
            return Span(offset + low, offset + high)

        outer = Quote(
            f"o{name}", (at(start, end),), (at(cue_at, cue_at + len(cue)),),
            (at(source_at, source_at + len(source)),), unlabelled=UNKNOWN,
        )  # fmt: skip
        base = start + shift
        limit = end - (style != "that")
        inner = Quote(
            f"i{name}",
            (at(base + report.content.start, min(base + report.content.end, limit)),),
            (at(base + report.cue.start, base + report.cue.end),),
            (at(base + report.source.start, base + report.source.end),),
            inside=outer.id,
            unlabelled=UNKNOWN,
        )
        return text + ("" if text.endswith((".", "”", '"', "’")) else "."), [outer, inner]


def _continued(sentence: str) -> str:
    """The sentence as it stands after ``that``: pronouns and articles lose their capital."""
    first = sentence.split(" ", 1)[0]
    lower = {"He", "She", "They", "It", "We", "The", "A", "An", "His", "Her", "Their", "Some"}
    return sentence[:1].lower() + sentence[1:] if first in lower else sentence


#: What a made quote has no label of.
UNKNOWN = frozenset(
    {"kind", "speakers", "via", "polarity", "mode", "stance", "target", "target_type"}
)


def plain_paragraphs(docs: Sequence[AnnotatedArticle]) -> list[str]:
    """Paragraphs of some length in which nobody is quoted."""
    out = []
    for doc in docs:
        taken = [span for q in doc.quotes for span in (*q.content, *q.source, *q.cue)]
        for start, end in paragraphs(doc.text):
            here = Span(start, end)
            if end - start > 80 and not any(span.overlaps(here) for span in taken):
                out.append(doc.text[start:end])
    return out


def _sentences(paragraph: str) -> list[str]:
    """Short sentences of a paragraph that can be said by anybody."""
    found = re.findall(r"(?:^|(?<=[.!?] ))[A-Z][^.!?\n]{20,140}\.(?= |$)", paragraph)
    return [sentence for sentence in found if not set(sentence) & set('“”"‘’()')]


def swap_marks(text: str) -> str:
    """The British style: double marks where single ones stood and the other way round.

    Characters are replaced one for one, so every offset holds. Apostrophes stay.
    """
    out = list(text)
    for mark in find_marks(text):
        if mark.role == "none" or mark.end - mark.start != 1:
            continue
        opening = mark.role in ("open", "continue")
        if mark.kind == "double":
            out[mark.start] = "‘" if opening else "’"
        elif mark.kind == "single":
            out[mark.start] = "“" if opening else "”"
    return "".join(out)
