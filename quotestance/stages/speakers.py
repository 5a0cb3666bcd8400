"""Speakers: who says each quote, as a person or an organization with a name and an identifier.

The source of a quote is read as a noun phrase; its head is a name, a pronoun or a common noun.
Names go to the fullest name of the article, pronouns and titles to somebody named in it, offices
to their holder at the article's date. Every answer carries a probability and the steps to it; one
below ``THRESHOLD`` is withheld, because a wrong name is worse than none.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Mapping, Sequence

from quotestance.quotes import Entity, Quote, Span, Speaker
from quotestance.records import Article
from quotestance.stages import gazetteer
from quotestance.stages.channels import channel_mentions, nearest_first, office_phrases
from quotestance.stages.continuation import Continuation, position_of
from quotestance.stages.coreference import AntecedentScorer, Coreference, Said
from quotestance.stages.entities import ArticleEntities
from quotestance.stages.mentions import find_mentions
from quotestance.stages.naming import Answer, Naming
from quotestance.stages.phrases import Phrases
from quotestance.stages.resolution import Resolver
from quotestance.stages.roster import Roster
from quotestance.stages.signatures import labelled, signed
from quotestance.stages.target_choice import Floats, Options, features, options, weights_of
from quotestance.stages.target_offers import Ballot
from quotestance.stages.targets import Target, resolve_target
from quotestance.stages.tokens import sentence_starts, tokenize

__all__ = ["THRESHOLD", "AntecedentScorer", "SpeakerStage"]

THRESHOLD = 0.45
# A dateline, or the show that it was said on: no part of the source that the network found.
_BEFORE_SOURCE = re.compile(
    r"(?:[A-Z][\w .,]{1,40}\()?[A-Z][\w ]{1,30}\)\s+[-–—]+\s+|"
    r"[A-Z]{3}[A-Z .,'’-]{0,30}(?:, [A-Z][\w. ]{2,24})?\s+[-–—]+\s+|"
    r"[\"“][^\"“”\n]{1,40}[\"”],?\s+(?=[A-Z])"
)
_LISTENER = 40  # code points from the cue to whom it was told
_REACH = 1500  # code points on either side of cue and source where a channel is looked for


class SpeakerStage:
    """Fills speakers, channels and target names of the quotes of an article.

    Args:
        roster: Known people; the built-in roster by default. With ``Roster.empty()``
            everything works, without identifiers of people.
        threshold: Names less probable than this (0 to 1) are withheld.
        calibration: ``target.NAME``, for each name in ``target_choice.FEATURES``: weights of the
            choice of targets.
    """

    def __init__(
        self,
        roster: Roster | None = None,
        threshold: float = THRESHOLD,
        calibration: Mapping[str, float] | None = None,
    ) -> None:
        self.target_weights = weights_of(calibration or {})
        self.roster = Roster.builtin() if roster is None else roster
        self.threshold = threshold
        self.tables = gazetteer.builtin().with_countries(self.roster.own_countries())

    def __call__(
        self,
        article: Article,
        quotes: Sequence[Quote],
        antecedents: AntecedentScorer | None = None,
        targets: Mapping[str, Ballot] | None = None,
    ) -> tuple[tuple[Quote, ...], tuple[Entity, ...]]:
        """Resolve the speakers and targets of one article.

        Args:
            article: Its text, and its date and id where known.
            quotes: Quotes with content, cue, source, ``inside`` and ``target_span``.
            antecedents: The network's antecedent scorer: a pronoun and candidate spans to one
                probability each and, last, that of none.
            targets: By id of a quote, the words among which its target is chosen; the target of
                a quote without an entry is its ``target_span``.

        Returns:
            The quotes in the order given, with ``speakers``, ``via``, ``target``,
            ``target_type``, ``target_id`` and ``confidence.speaker`` filled; and the entities
            of the article with all their mentions.
        """
        return _ArticleRun(self, article, quotes, antecedents, targets or {}).run()

    def elect(self, found: Options, rows: Floats) -> int:
        """Index of the likeliest target among some of these features."""
        return int((rows @ self.target_weights).argmax())


class _ArticleRun:
    """The stage at work on one article."""

    def __init__(
        self,
        stage: SpeakerStage,
        article: Article,
        quotes: Sequence[Quote],
        antecedents: AntecedentScorer | None,
        targets: Mapping[str, Ballot],
    ) -> None:
        self.stage, self.article, self.quotes, self.targets = stage, article, quotes, targets
        text = article.text
        tokens = tokenize(text)
        self.sentences = sentence_starts(text)
        mentions = find_mentions(text, stage.tables, tokens)
        self.entities = ArticleEntities(
            text, mentions, tokens, stage.roster, article.date, stage.tables, _people(article.title)
        )
        phrases = Phrases(text, tokens, mentions)
        self.quotes = [labelled(signed(quote, text, phrases), text) for quote in quotes]
        self._sources_are_people(phrases)
        coreference = Coreference(
            text,
            tokens,
            self.entities.entities,
            self.sentences,
            [span for quote in quotes for span in quote.content],
            antecedents,
        )
        naming = Naming(article, phrases, self.entities, coreference, stage.tables)
        self.resolver = Resolver(naming)
        self.continuation = Continuation(naming, self.resolver.people)
        self.organizations = [
            (m.span, e.name, e.known.kind if e.known else None)
            for e in self.entities.entities
            if e.type == "organization" or (e.type == "unknown" and not e.name.isupper())
            for m in e.mentions
        ]
        self.organizations.sort(key=lambda o: o[0].start)
        known = stage.tables.organization(article.outlet or "")
        self.outlet = known.name if known is not None else article.outlet
        self.cues = sorted((cue.end, quote.id) for quote in self.quotes for cue in quote.cue)
        self.used: set[int] = set()
        self.pronouns: dict[int, dict[Span, None]] = {}

    def _sources_are_people(self, phrases: Phrases) -> None:
        """A full name that says something, and that no table knows, is taken for a person's."""
        for quote in self.quotes:
            for source in quote.source:
                for head in phrases.heads(source):
                    found = head.mention and self.entities.of(head.mention)
                    unknown = found and found[0].type == "unknown" and " " in found[0].name
                    if found and unknown and not found[0].name.isupper():
                        found[0].type = "person"

    def run(self) -> tuple[tuple[Quote, ...], tuple[Entity, ...]]:
        """Speakers in text order, because each quote helps the next; then via and targets."""
        done: dict[str, Quote] = {}
        previous: Quote | None = None
        said: list[Said] = []
        for quote in sorted(self.quotes, key=position_of):
            answers = self._speakers(quote, previous, done, said)
            resolved = self._with_speakers(quote, answers)
            done[quote.id] = resolved
            for answer in answers:
                if answer.entity is not None and answer.probability >= self.stage.threshold:
                    end = max(s.end for s in (*quote.content, *quote.cue, *quote.source))
                    said.append(Said(position_of(quote), end, answer.entity))
                    self._remember(answer)
            previous = resolved
        resolved_quotes = [self._from_elsewhere(done.get(q.id, q), done) for q in self.quotes]
        resolved_quotes = [self._with_channels(q, done) for q in resolved_quotes]
        self._remember_pronouns(resolved_quotes, said)  # before targets ask with other exclusions
        return tuple(self._with_targets(resolved_quotes, said)), tuple(self._entities())

    def _speakers(
        self,
        quote: Quote,
        previous: Quote | None,
        done: dict[str, Quote],
        said: Sequence[Said],
    ) -> list[Answer]:
        if not quote.source:
            return self.continuation.answers(quote, previous)
        outer = done.get(quote.inside) if quote.inside else None
        start, end = quote.source[0].start, quote.source[-1].end
        before = _BEFORE_SOURCE.match(self.article.text, start, end)
        whole = Span(before.end() if before else start, end).of(self.article.text)
        if len(quote.source) > 1 and self._cut_by_the_cue(quote):
            pieces = [self.resolver.source(s, quote, previous, outer, said) for s in quote.source]
            return [answer for answers in pieces for answer in answers]
        return self.resolver.source(whole, quote, previous, outer, said)

    def _cut_by_the_cue(self, quote: Quote) -> bool:
        """``Ana Ruiz warned, and her colleague Jo Venn agreed``: pieces of source on both sides."""
        first, last = quote.source[0], quote.source[-1]
        return any(first.end <= cue.start < last.start for cue in quote.cue)

    def _from_elsewhere(self, quote: Quote, done: Mapping[str, Quote]) -> Quote:
        """The speaker that only a later quote tells."""
        if self.continuation.is_fronted(quote):
            return self.continuation.subject_after(quote, done)
        return self.continuation.headline(quote, done)

    def _with_speakers(self, quote: Quote, answers: Sequence[Answer]) -> Quote:
        speakers = tuple(self._speaker(answer) for answer in answers)
        named = [s.confidence for s in speakers if s.confidence is not None]
        confidence = dataclasses.replace(quote.confidence, speaker=min(named) if named else None)
        return quote.replace(speakers=speakers, confidence=confidence)

    def _speaker(self, answer: Answer) -> Speaker:
        if answer.entity is not None:
            self.used.add(id(answer.entity))
        withheld = answer.name is not None and answer.probability < self.stage.threshold
        steps = answer.steps
        if withheld:
            steps = (*steps, f"withheld: {answer.probability:.2f} < {self.stage.threshold:.2f}")
        return Speaker(
            None if withheld else answer.name,
            answer.type,
            None if withheld or answer.name is None else answer.id,
            None if withheld else answer.role,
            answer.mention,
            round(answer.probability, 4) if answer.name is not None else None,
            steps=steps,
        )

    def _remember(self, answer: Answer) -> None:
        """A pronoun whose antecedent is known is a mention of it."""
        if answer.pronoun is not None and answer.entity is not None:
            self.pronouns.setdefault(id(answer.entity), {})[answer.pronoun] = None

    def _remember_pronouns(self, quotes: Sequence[Quote], said: Sequence[Said]) -> None:
        """All other pronouns; whoever is called he or she is a person."""
        coreference = self.resolver.naming.coreference
        named = {e.name: e for e in coreference.people}
        voices = [
            (span, named.get(s.name or ""))
            for quote in quotes
            for s in quote.speakers
            for span in quote.content
            if self.article.text.startswith(('"', "“", "‘", "«", "'"), span.start)
        ]
        known = {span for spans in self.pronouns.values() for span in spans}
        for span, entity in coreference.everyone(said, voices):
            if entity.type == "unknown":
                entity.type = "person"
            if span not in known:
                self.pronouns.setdefault(id(entity), {})[span] = None

    def _with_channels(self, quote: Quote, done: dict[str, Quote]) -> Quote:
        """Channels that the sentence names, then the speaker of the enclosing quote."""
        sentence = self._sentence(quote)
        names = {s.name for s in quote.speakers if s.name}
        text = self.article.text
        organizations = self._organizations_in(sentence)
        organizations = [o for o in organizations if not self._told_elsewhere(o[0], quote)]
        found = list(channel_mentions(text, quote, sentence, organizations))
        for span in office_phrases(text, quote, sentence):
            head = self.resolver.naming.phrases.heads(span)[0]
            if head.form == "nominal" and head.type == "organization":
                office = self.resolver.organizations.nominal(head, ())
                if office.name is not None and office.probability >= self.stage.threshold:
                    inside = range(head.span.start, head.span.end)
                    found = [f for f in found if f[0] not in inside]
                    found.append((span.start, office.name))
        via = nearest_first(found, quote, names)
        outer = done.get(quote.inside) if quote.inside else None
        for speaker in outer.speakers if outer is not None else ():
            if speaker.name and speaker.name not in names and speaker.name not in via:
                via.append(speaker.name)
        return quote.replace(via=tuple(v for v in via if v != self.outlet))

    def _told_elsewhere(self, name: Span, quote: Quote) -> bool:
        """Whether a name is the listener of another quote: ``A told the Sun X; B said Y``."""
        low = bisect.bisect_left(self.cues, (name.start - _LISTENER,))
        for end, owner in self.cues[low : low + _LISTENER]:
            if end > name.start:
                break
            between = self.article.text[end : name.start]
            if owner != quote.id and len(between.split()) <= 2:
                return not any(c in between for c in ".;:!?")
        return False

    def _sentence(self, quote: Quote) -> Span:
        """From the sentence of the first to that of the last of cue and source."""
        spans = sorted((*quote.cue, *quote.source)) or sorted(quote.content)
        if not spans:
            return Span(0, 0)
        i = bisect.bisect_right(self.sentences, spans[0].start) - 1
        j = bisect.bisect_right(self.sentences, spans[-1].start)
        last = j < len(self.sentences)
        end = self.sentences[j] if last else len(self.article.text)
        low = max(self.sentences[max(i, 0)], spans[0].start - _REACH)
        return Span(low, min(end, spans[-1].end + _REACH))

    def _organizations_in(self, span: Span) -> Sequence[tuple[Span, str, str | None]]:
        i = bisect.bisect_left(self.organizations, span.start, key=lambda o: o[0].start)
        j = bisect.bisect_left(self.organizations, span.end, key=lambda o: o[0].start)
        return self.organizations[i:j]

    def _with_targets(self, quotes: Sequence[Quote], said: Sequence[Said]) -> list[Quote]:
        """The likeliest of the words offered for each quote, else its ``target_span``, named."""
        threshold, resolver = self.stage.threshold, self.resolver
        among = {
            quote.id: options(quote, self.targets[quote.id], resolver, said, threshold)
            for quote in quotes
            if quote.id in self.targets
        }
        rows = dict(zip(among, features(list(among.values())), strict=True))
        done = []
        for quote in quotes:
            found = Target(None, quote.target_type)
            if quote.id in among:
                at = self.stage.elect(among[quote.id], rows[quote.id])
                quote = quote.replace(target_span=among[quote.id].spans[at])
                found = among[quote.id].targets[at]
            elif quote.target_span is not None:
                found = resolve_target(quote.target_span, quote, resolver, said, threshold)
            done.append(
                quote.replace(target=found.name, target_type=found.type, target_id=found.id)
            )
        return done

    def _entities(self) -> list[Entity]:
        out = []
        for entity in self.entities.entities:
            used = id(entity) in self.used or entity.type != "unknown"
            if not entity.mentions or not used:
                continue
            spans = [m.span for m in entity.mentions] + list(self.pronouns.get(id(entity), ()))
            out.append(
                Entity(
                    entity.identifier(self.resolver.naming.article_key),
                    entity.name,
                    entity.type,
                    tuple(sorted(spans)),
                )
            )
        return _one_by_id(out)


def _people(title: str | None) -> list[str]:
    """Full names in a headline that is kept apart from the text."""
    mentions = find_mentions(title) if title else []
    return [m.span.text for m in mentions if m.type == "person" and " " in m.span.text]


def _one_by_id(entities: Sequence[Entity]) -> list[Entity]:
    found: dict[str, Entity] = {}
    for entity in entities:
        first = found.get(entity.id)
        if first is not None:
            mentions = tuple(sorted({*first.mentions, *entity.mentions}))
            entity = dataclasses.replace(first, mentions=mentions)
        found[entity.id] = entity
    return sorted(found.values(), key=lambda e: e.mentions[0] if e.mentions else Span(0, 0))
