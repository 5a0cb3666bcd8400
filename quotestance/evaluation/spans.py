"""Quote spans: counted tokens, matching of predicted to gold quotes, and their figures."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quotestance.evaluation.bootstrap import Array, Columns, Measure, defined, divide, f_measures
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle

_TOKEN = re.compile(r"\w+|[^\w\s]")
_DOUBLE_MARKS = '"“”'
ROLES = ("content", "source", "cue")


class Tokens:
    r"""The counted tokens of a text.

    Tokens are the matches of ``\w+|[^\w\s]``; only those that begin with a letter or digit
    count, so that commas and quotation marks at the edges decide nothing.
    """

    def __init__(self, text: str) -> None:
        found = [m.span() for m in _TOKEN.finditer(text) if text[m.start()].isalnum()]
        self.starts = [start for start, _ in found]
        self.ends = [end for _, end in found]

    def within(self, spans: Iterable[Span]) -> frozenset[int]:
        """Indices of the counted tokens that share a code point with one of the spans."""
        out: set[int] = set()
        for span in spans:
            if span.start < span.end:
                first = bisect.bisect_right(self.ends, span.start)
                out.update(range(first, bisect.bisect_left(self.starts, span.end)))
        return frozenset(out)


@dataclass(frozen=True, slots=True)
class Unit:
    """A quote as the metrics see it: the counted tokens of each role, and its marks."""

    quote: Quote
    content: frozenset[int]
    source: frozenset[int]
    cue: frozenset[int]
    quoted: bool

    def same_source(self, other: Unit) -> bool:
        """Whether the sources share a counted token, or both have none."""
        return bool(self.source & other.source) or not (self.source or other.source)


@dataclass(frozen=True)
class Alignment:
    """Gold and predicted quotes of one article, matched.

    Args:
        article: The gold article.
        gold: Gold quotes that count.
        predicted: Predicted quotes that count.
        pairs: Indices into ``gold`` and ``predicted`` of the quotes matched at half overlap.
    """

    article: AnnotatedArticle
    gold: tuple[Unit, ...]
    predicted: tuple[Unit, ...]
    pairs: tuple[tuple[int, int], ...]

    def matched(self) -> list[tuple[Unit, Unit]]:
        """The matched quotes, gold first."""
        return [(self.gold[i], self.predicted[j]) for i, j in self.pairs]


def overlap(a: frozenset[int], b: frozenset[int]) -> float:
    """Intersection over union of two sets of tokens; 0 where both are empty."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def unit(quote: Quote, tokens: Tokens, text: str) -> Unit:
    """The counted tokens of a quote, and whether it has a double quotation mark.

    A mark counts in the content or on the code point before or after one of its pieces.
    """
    stretches = [text[max(0, span.start - 1) : span.end + 1] for span in quote.content if len(span)]
    return Unit(
        quote=quote,
        content=tokens.within(quote.content),
        source=tokens.within(quote.source),
        cue=tokens.within(quote.cue),
        quoted=any(mark in stretch for stretch in stretches for mark in _DOUBLE_MARKS),
    )


def match(gold: Sequence[Unit], predicted: Sequence[Unit]) -> list[tuple[int, int]]:
    """Quotes whose contents overlap by half or more, one to one, best first.

    Overlap is intersection over union of counted tokens. Among equal overlaps the pair whose
    sources, then cues, overlap more goes first, then text order.
    """
    candidates = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            share = overlap(g.content, p.content)
            if share >= 0.5:
                ties = (-overlap(g.source, p.source), -overlap(g.cue, p.cue))
                candidates.append((-share, *ties, i, j))
    taken_gold: set[int] = set()
    taken: set[int] = set()
    pairs = []
    for *_, i, j in sorted(candidates):
        if i not in taken_gold and j not in taken:
            taken_gold.add(i)
            taken.add(j)
            pairs.append((i, j))
    return sorted(pairs)


def align(
    gold: AnnotatedArticle, predicted: AnnotatedArticle | None, *, attributions: bool = False
) -> Alignment:
    """Match the quotes of one article.

    Gold entries with ``is_quote`` false are left out, and predictions that match only them count
    neither way: those that are matched to no gold quote, overlap none by half, and overlap such
    an entry by half.

    Args:
        gold: The hand labels.
        predicted: The prediction for the same text; None counts as no quotes.
        attributions: Count every attribution on both sides, whatever ``is_quote`` says.
    """
    tokens = Tokens(gold.text)

    def units(article: AnnotatedArticle | None, is_quote: bool) -> list[Unit]:
        quotes = article.quotes if article else ()
        return [
            unit(quote, tokens, gold.text)
            for quote in quotes
            if (quote.is_quote or attributions) == is_quote
        ]

    real, found = units(gold, True), units(predicted, True)
    left_out = units(gold, False)
    if left_out:
        matched = {j for _, j in match(real, found)}
        found = [
            p for j, p in enumerate(found)
            if j in matched or _overlaps(p, real) or not _overlaps(p, left_out)
        ]  # fmt: skip
    return Alignment(gold, tuple(real), tuple(found), tuple(match(real, found)))


def _overlaps(one: Unit, others: Sequence[Unit]) -> bool:
    return any(overlap(one.content, other.content) >= 0.5 for other in others)


def counts(alignment: Alignment) -> dict[str, float]:
    """Counts of one article for ``MEASURES``.

    Quotes without a counted content token count for cue and source tokens only.
    """
    out: dict[str, float] = {}
    gold, predicted = alignment.gold, alignment.predicted
    for role in ROLES:
        g = frozenset[int]().union(*(getattr(one, role) for one in gold))
        p = frozenset[int]().union(*(getattr(one, role) for one in predicted))
        out |= {f"{role}_right": len(g & p), f"{role}_predicted": len(p), f"{role}_gold": len(g)}
    spans_gold = [one.content for one in gold if one.content]
    spans_predicted = [one.content for one in predicted if one.content]
    out |= {"gold": len(spans_gold), "predicted": len(spans_predicted)}
    out["exact"] = (Counter(spans_gold) & Counter(spans_predicted)).total()
    out["half"] = len(alignment.pairs)
    out["relation"] = sum(g.same_source(p) for g, p in alignment.matched())
    out |= _soft(spans_gold, spans_predicted)
    return out | _quoted(alignment)


def _soft(gold: Sequence[frozenset[int]], predicted: Sequence[frozenset[int]]) -> dict[str, float]:
    all_gold = frozenset[int]().union(*gold)
    all_predicted = frozenset[int]().union(*predicted)
    return {
        "soft_predicted": sum(len(p & all_gold) / len(p) for p in predicted),
        "soft_gold": sum(len(g & all_predicted) / len(g) for g in gold),
    }


def _quoted(alignment: Alignment) -> dict[str, float]:
    gold = [one for one in alignment.gold if one.quoted and one.content]
    predicted = [one for one in alignment.predicted if one.quoted and one.content]
    pairs = match(gold, predicted)
    return {
        "quoted_gold": len(gold),
        "quoted_predicted": len(predicted),
        "quoted_relation": sum(gold[i].same_source(predicted[j]) for i, j in pairs),
    }


def _soft_measures() -> list[Measure]:
    """Soft overlap: how much of each span the other side covers, averaged over spans.

    Precision is the mean over predicted spans of the share of tokens that gold spans cover,
    recall the mean over gold spans of the share that predicted spans cover. For spans that do
    not overlap each other this is the definition of the paper; for nested spans each token is
    covered once.

    Source:
        Johansson and Moschitti, Computational Linguistics 39(3), 2013, section 4.1.
    """

    def precision(c: Columns) -> Array:
        return defined(divide(c["soft_predicted"], c["predicted"]), c["gold"] + c["predicted"])

    def recall(c: Columns) -> Array:
        return defined(divide(c["soft_gold"], c["gold"]), c["gold"] + c["predicted"])

    def f1(c: Columns) -> Array:
        p, r = precision(c), recall(c)
        return defined(divide(2 * p * r, p + r), c["gold"] + c["predicted"])

    return [
        Measure("soft_precision", precision, "gold"),
        Measure("soft_recall", recall, "gold"),
        Measure("soft_f1", f1, "gold"),
    ]


MEASURES: tuple[Measure, ...] = (
    *(m for role in ROLES
      for m in f_measures(f"{role}_token", f"{role}_right", f"{role}_predicted", f"{role}_gold")),
    *f_measures("exact", "exact", "predicted", "gold"),
    *_soft_measures(),
    *f_measures("half_overlap", "half", "predicted", "gold"),
    *f_measures("relation", "relation", "predicted", "gold"),
    *f_measures("quoted_relation", "quoted_relation", "quoted_predicted", "quoted_gold"),
)  # fmt: skip
"""Figures of quote spans.

- ``content_token``, ``source_token``, ``cue_token``: counted tokens inside any span of the role.
- ``exact``: the sets of counted tokens of two contents are equal.
- ``soft``: see ``_soft_measures``.
- ``half_overlap``: contents matched by ``match``.
- ``relation``: matched contents whose sources share a counted token, or both have none.
- ``quoted_relation``: the same over quotes with a double quotation mark in or next to the content,
  on gold and predicted side alike.

Source:
    Tokens and relations as in Newell, Margolin and Ruths, LREC 2018; exact and overlapping spans
    as in Pareti et al., EMNLP 2013.
"""
