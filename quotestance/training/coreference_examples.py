"""Questions of coreference from GAP, GUM and the speakers of labelled articles."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterable, Sequence

from quotestance.evaluation.corpora import CorefDocument, GapExample
from quotestance.quotes import Span
from quotestance.records import AnnotatedArticle
from quotestance.stages.mentions import find_mentions
from quotestance.stages.names import name_words, same_name, short_for
from quotestance.training.gender_swap import swap_genders
from quotestance.training.pair_examples import AntecedentText, WordSpan
from quotestance.windows import EncodedText, Window, WordPieces, cut, word_features

Question = tuple[WordSpan, list[WordSpan], list[bool]]
_MOST_CANDIDATES = 40
_MOST_QUESTIONS = 24
_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})


def gap_texts(
    examples: Iterable[GapExample], encoder: WordPieces, seed: int
) -> list[AntecedentText]:
    """Each snippet twice, as it is and with genders exchanged: whom does the pronoun mean?

    The choice is among all names of the snippet, as it is in use, not just the two that are
    labelled. Where it is neither of the two, any other name is allowed, and none. A name that
    may or may not be another form of a labelled one is left out.
    """
    out = []
    for i, example in enumerate(examples):
        out.append(_gap_text(example, encoder))
        out.append(_gap_text(_swapped(example, random.Random(f"{seed}-{i}")), encoder))
    return out


def _swapped(example: GapExample, draw: random.Random) -> GapExample:
    text, place = swap_genders(example.text, draw)
    return dataclasses.replace(
        example,
        text=text,
        pronoun=place(example.pronoun),
        candidates=tuple((place(span), right) for span, right in example.candidates),
    )


def _gap_text(example: GapExample, encoder: WordPieces) -> AntecedentText:
    encoded = encoder.encode(example.text)
    named = dict(example.candidates)
    known = any(named.values())
    choices: list[tuple[Span, bool]] = list(example.candidates)
    for mention in find_mentions(example.text):
        span = mention.span
        if mention.form != "name" or mention.type not in ("person", "unknown"):
            continue
        if any(span.start < other.end and other.start < span.end for other in named):
            continue
        near = [other for other in named if _share_a_word(span.text, other.text)]
        means = {named[other] for other in near if _can_be_one(span.text, other.text)}
        if len(means) == 1 or not near:
            choices.append((span, means.pop() if means else not known))
    spans = [(encoded.covering(s.start, s.end), right) for s, right in sorted(choices)]
    candidates = [span for span, _ in spans if span is not None]
    right = [label for span, label in spans if span is not None]
    pronoun = encoded.covering(example.pronoun.start, example.pronoun.end)
    assert pronoun is not None
    question = (pronoun, candidates, [*right, not known])
    return _cut_out(encoded, 0, len(encoded), [question])


def _share_a_word(a: str, b: str) -> bool:
    return bool(set(name_words(a)) & set(name_words(b)))


def _can_be_one(a: str, b: str) -> bool:
    return same_name(a, b) or short_for(a, b) or short_for(b, a)


def gum_texts(
    docs: Iterable[CorefDocument], encoder: WordPieces, seed: int, size: int = 320
) -> list[AntecedentText]:
    """For each person or organization of a window: which earlier mention it takes up, if any."""
    draw = random.Random(seed)
    out = []
    for doc in docs:
        encoded = encoder.encode(doc.text)
        found = [
            (span, mention.cluster)
            for mention in doc.mentions
            if mention.entity_type in ("person", "organization")
            and (span := encoded.covering(mention.span.start, mention.span.end)) is not None
        ]
        for window in cut(encoded, size, 0):
            inside = [m for m in found if window.start <= m[0][0] and m[0][1] < window.end]
            questions = _questions(inside)
            if questions:
                chosen = draw.sample(questions, min(len(questions), _MOST_QUESTIONS))
                out.append(_cut_out(encoded, window.start, window.end, chosen))
    return out


def _questions(mentions: Sequence[tuple[WordSpan, int]]) -> list[Question]:
    questions = []
    for i, (span, cluster) in enumerate(mentions):
        before = [m for m in mentions[max(0, i - _MOST_CANDIDATES) : i] if m[0] != span]
        if before:
            right = [other == cluster for _, other in before]
            spans = [candidate for candidate, _ in before]
            questions.append((span, spans, [*right, not any(right)]))
    return questions


def speaker_texts(
    docs: Iterable[AnnotatedArticle], encoder: WordPieces, size: int = 320
) -> list[AntecedentText]:
    """For each source that is a pronoun: which earlier name is the labelled speaker's."""
    out = []
    for doc in docs:
        encoded = encoder.encode(doc.text)
        names = {s.name for q in doc.quotes for s in q.speakers if s.name and s.type == "person"}
        places = _occurrences(doc.text, names, encoded)
        for window in cut(encoded, size, 96):
            questions = _pronoun_questions(doc, encoded, window, places)
            if questions:
                out.append(_cut_out(encoded, window.start, window.end, questions))
    return out


def _occurrences(
    text: str, names: Iterable[str], encoded: EncodedText
) -> list[tuple[WordSpan, str]]:
    places = []
    for name in sorted(names):
        last = re.escape(name.split()[-1])
        full = re.escape(name)
        for match in re.finditer(rf"\b(?:{full}|{last})\b", text):
            span = encoded.covering(*match.span())
            if span is not None:
                places.append((span, name))
    return sorted(places)


def _pronoun_questions(
    doc: AnnotatedArticle,
    encoded: EncodedText,
    window: Window,
    places: Sequence[tuple[WordSpan, str]],
) -> list[Question]:
    questions = []
    for quote in doc.quotes:
        if len(quote.source) != 1 or quote.source[0].text.lower() not in _PRONOUNS:
            continue
        source = encoded.covering(*quote.source[0])
        name = quote.speaker.name if quote.speaker else None
        if source is None or name is None:
            continue
        if not window.core_start <= source[0] < window.core_end:
            continue
        before = [p for p in places if window.start <= p[0][0] and p[0][1] < source[0]][-12:]
        if before:
            right = [other == name for _, other in before]
            spans = [span for span, _ in before]
            questions.append((source, spans, [*right, not any(right)]))
    return questions


def _cut_out(
    encoded: EncodedText, low: int, high: int, questions: Sequence[Question]
) -> AntecedentText:
    def shift(span: WordSpan) -> WordSpan:
        return span[0] - low, span[1] - low

    first = encoded.first[low:high]
    return AntecedentText(
        pieces=encoded.pieces[encoded.first[low] : encoded.first[high]],
        features=word_features(encoded, low, high),
        first=first - encoded.first[low],
        questions=[(shift(a), [shift(c) for c in cs], right) for a, cs, right in questions],
    )
