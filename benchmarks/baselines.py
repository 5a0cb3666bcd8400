"""Simple systems to compare with: nearest name, textacy, lexicon stance, majority class.

Each gives records, so that the one scorer of ``quotestance.evaluation`` scores them too. None is
part of the package.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quotestance.errors import QuotestanceError
from quotestance.quotes import Entity, Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle, Article

_MARKED = re.compile(r"“[^“”\n]+”?|\"[^\"\n]+\"?")
_WORD = r"[A-Z](?:\.|\w*(?:[-’']\w+)*)"
_NAME = re.compile(rf"{_WORD}(?: (?:(?:of|de|van|von|bin) )?{_WORD})*")
_SPACY_MODEL = "en_core_web_sm"
_LABELS = {-1: "critical", 0: "neutral", 1: "supportive"}


class NotInstalledError(QuotestanceError):
    """What a baseline needs is not installed: the table goes without it and says so."""


class NearestName:
    """Whatever stands in double marks is a quote of the nearest run of capitalized words."""

    name = "nearest name"

    def pipe(self, articles: Iterable[Article], *, keep: str) -> Iterator[AnnotatedArticle]:
        """One record an article."""
        for article in articles:
            yield self._read(article)

    def stances(self, triples: list[Any]) -> list[Stance]:
        """Neutral, always: the baseline has no stance."""
        return [Stance("neutral") for _ in triples]

    def _read(self, article: Article) -> AnnotatedArticle:
        marked = [Span(*match.span()) for match in _MARKED.finditer(article.text)]
        found = [Span(*match.span()) for match in _NAME.finditer(article.text)]
        names = [name for name in found if not any(name.overlaps(quote) for quote in marked)]
        quotes = []
        for i, span in enumerate(marked):
            nearest = min(names, key=lambda name: _distance(name, span), default=None)
            speakers = (Speaker(nearest.of(article.text).text, "person"),) if nearest else ()
            source = (nearest,) if nearest else ()
            quotes.append(Quote(f"q{i}", (span,), source=source, kind="direct", speakers=speakers))
        return AnnotatedArticle(text=article.text, id=article.id, quotes=tuple(quotes))


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


class Textacy:
    """``textacy.extract.direct_quotations`` over spaCy's small English model.

    An odd mark makes it raise: such an article counts as empty, and ``failed`` says how many.

    Raises:
        NotInstalledError: textacy, spaCy or the model is not installed.
    """

    name = "textacy"

    def __init__(self) -> None:
        try:
            import spacy
            from textacy.extract import triples

            self._nlp = spacy.load(_SPACY_MODEL)
        except (ImportError, OSError) as error:
            missing = error.name if isinstance(error, ImportError) else _SPACY_MODEL
            raise NotInstalledError(
                f"The baseline textacy is left out: no {missing}.",
                hint=f"pip install textacy && python -m spacy download {_SPACY_MODEL}",
            ) from None
        self._extract = triples.direct_quotations
        self.failed = 0

    def pipe(self, articles: Iterable[Article], *, keep: str) -> Iterator[AnnotatedArticle]:
        """One record an article."""
        for article in articles:
            yield AnnotatedArticle(
                text=article.text, id=article.id, quotes=tuple(self._quotes(article.text))
            )

    def stances(self, triples: list[Any]) -> list[Stance]:
        """Neutral, always: the baseline has no stance."""
        return [Stance("neutral") for _ in triples]

    def _quotes(self, text: str) -> list[Quote]:
        try:
            found = list(self._extract(self._nlp(text)))
        except ValueError:
            self.failed += 1
            return []
        quotes = []
        for i, triple in enumerate(found):
            source = _words(triple.speaker)
            quotes.append(
                Quote(
                    id=f"q{i}",
                    content=(Span(triple.content.start_char, triple.content.end_char),),
                    cue=_words(triple.cue),
                    source=source,
                    kind="direct",
                    speakers=(Speaker(source[0].of(text).text, "person"),) if source else (),
                )
            )
        return quotes


def _words(tokens: Any) -> tuple[Span, ...]:
    if not tokens:
        return ()
    last = tokens[-1]
    return (Span(tokens[0].idx, last.idx + len(last)),)


class Lexicon:
    """VADER on the text, whatever the target: the sign of the compound score.

    Raises:
        NotInstalledError: vaderSentiment is not installed.

    Source:
        Hutto and Gilbert, ICWSM 2014; thresholds as published there (.05).
    """

    name = "VADER lexicon"

    def __init__(self) -> None:
        try:
            from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
        except ImportError:
            raise NotInstalledError(
                "The baseline VADER lexicon is left out: no vaderSentiment.",
                hint="pip install vaderSentiment",
            ) from None
        self._scores = SentimentIntensityAnalyzer().polarity_scores

    def stances(self, triples: list[Any]) -> list[Stance]:
        """The stance of each text."""
        return [self.stance(text) for text, *_ in triples]

    def stance(self, text: str) -> Stance:
        """The sign of the compound score of one text."""
        compound = self._scores(text)["compound"]
        sign = (compound >= 0.05) - (compound <= -0.05)
        return Stance(_LABELS[sign])


class Majority:
    """One label for all: the most frequent one of a training file."""

    name = "majority class"

    def __init__(self, label: str) -> None:
        self.label = label

    @classmethod
    def of(cls, path: Path) -> Majority:
        """The most frequent label of a sentence corpus, or of the quotes of a record file."""
        counts: Counter[str] = Counter()
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "label" in row:
                counts[_LABELS[row["label"]]] += 1
            counts.update(q["stance"] for q in row.get("quotes", ()) if q.get("is_quote", True))
        return cls(counts.most_common(1)[0][0])

    def stances(self, triples: list[Any]) -> list[Stance]:
        """The label, for each."""
        return [self.stance("") for _ in triples]

    def stance(self, text: str) -> Stance:
        """The label."""
        return Stance(self.label)


def with_stance(
    docs: Iterable[AnnotatedArticle], stance: Lexicon | Majority
) -> list[AnnotatedArticle]:
    """Found quotes with the stance of a baseline in place of their own."""
    return [
        dataclasses.replace(
            doc, quotes=tuple(quote.replace(stance=stance.stance(quote.text)) for quote in doc)
        )
        for doc in docs
    ]


class SameName:
    """Runs of capitalized words that read the same are one entity."""

    name = "same name"

    def pipe(self, articles: Iterable[Article], *, keep: str) -> Iterator[AnnotatedArticle]:
        """One record an article."""
        for article in articles:
            groups: dict[str, list[Span]] = {}
            for match in _NAME.finditer(article.text):
                groups.setdefault(match[0], []).append(Span(*match.span()))
            entities = tuple(
                Entity(f"e{i}", name, "unknown", tuple(spans))
                for i, (name, spans) in enumerate(groups.items())
            )
            yield AnnotatedArticle(text=article.text, id=article.id, entities=entities)
