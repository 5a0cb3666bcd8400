"""From the words of a source or target to the person or organization that they mean."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from quotestance.quotes import Quote, Span
from quotestance.stages.coreference import Said
from quotestance.stages.documents import Documents
from quotestance.stages.entity import AMBIGUOUS, ArticleEntity
from quotestance.stages.kinds import COMPANIES
from quotestance.stages.lexicon import FIRST, FIRST_PLURAL, HE, IT, SHE, THEY
from quotestance.stages.mention import Mention
from quotestance.stages.names import is_given_name_of, short_for
from quotestance.stages.naming import Answer, Naming, again
from quotestance.stages.organizations import Organizations
from quotestance.stages.people import People
from quotestance.stages.phrases import Head, noun_type
from quotestance.stages.tokens import Token

_SAME_GROUP = 0.9  # that ``they`` are the group, or the two, who spoke before
_OFFICE_NOUNS = ("campaign", "administration", "team", "office")


class Resolver:
    """Resolves noun phrases of one article.

    Args:
        naming: The article.
    """

    def __init__(self, naming: Naming) -> None:
        self.naming = naming
        self.people = People(naming)
        self.organizations = Organizations(naming, self.people)
        self.documents = Documents(naming.article.text, naming.phrases.tokens)

    def source(
        self,
        span: Span,
        quote: Quote,
        previous: Quote | None,
        outer: Quote | None,
        said: Sequence[Said],
    ) -> list[Answer]:
        """Who the source of a quote is; two answers for two people.

        Args:
            span: The source, from its first to its last piece.
            quote: The quote.
            previous: The quote before it in the text, resolved.
            outer: The quote that encloses it, resolved.
            said: Earlier quotes whose speakers are known.
        """
        answers: list[Answer] = []
        exclude = self._named_in(quote.content)
        if outer is not None:
            exclude += self._speakers_of(outer)
        for head in self.naming.phrases.heads(span):
            if head.form == "name":
                answers.append(self._named(head, said))
            elif head.form == "pronoun":
                answers += self._pronoun(head, previous, outer, said, exclude)
            elif head.form == "relative":
                answers.append(self._relative(head))
            elif head.form == "nominal":
                answers.append(self._nominal(head, previous, said, exclude))
            else:
                answers.append(Answer(None, "unknown", mention=head.span))
        named = _with_shared_surname([a for a in answers if a.name is not None])
        return named if named else answers[:1]

    def _named_in(self, content: Sequence[Span]) -> list[ArticleEntity]:
        """People whom the words of a quote name: nobody says ``he`` of them and means himself."""
        text, found = self.naming.article.text, []
        for span in content:
            for mention in self.naming.phrases.mentions_in(span):
                of = self.naming.entities.of(mention) if mention.form == "name" else None
                after = text[mention.span.end : mention.span.end + 18].lstrip("'’s").split()
                office = after and after[0].startswith(_OFFICE_NOUNS)
                apposed = text.endswith(", ", 0, mention.span.start)
                if of is not None and apposed and is_given_name_of(mention.span.text, of[0].name):
                    continue
                if of is not None and not office:
                    found.append(of[0])
        return found

    def _speakers_of(self, quote: Quote) -> list[ArticleEntity]:
        names = {s.name for s in quote.speakers if s.name}
        return [e for e in self.naming.entities.entities if e.name in names]

    def _named(self, head: Head, said: Sequence[Said]) -> Answer:
        """Whom a name means; a surname that two bear is the one who spoke last."""
        answer = self.name(head, as_speaker=True)
        last = said[-1].entity if said else None
        if head.mention is None or last is None:
            return answer
        found = self.naming.entities.of(head.mention)
        ambiguous = found is not None and found[1] <= AMBIGUOUS
        if ambiguous and short_for(head.mention.span.text, last.name):
            step = f"{head.span.text} -> {last.name} [spoke before]"
            return self.naming.entity(last, head.mention, 0.75, (step,))
        return answer

    def name(self, head: Head, as_speaker: bool) -> Answer:
        """Whom a name means."""
        assert head.mention is not None
        found = self.naming.entities.of(head.mention)
        if found is None:
            return Answer(head.span.text, "unknown", mention=head.span, probability=0.5)
        entity, confidence = found
        if as_speaker and head.word.endswith("americans"):
            return self.organizations.people_of(head)
        if as_speaker and entity.type == "unknown" and " " not in entity.name:
            place = self.organizations.unknown_place(entity, head)
            if place is not None:
                return place
        if entity.type == "country" and as_speaker:
            return self.organizations.place(entity, head)
        if entity.type == "group" and as_speaker:
            return self.organizations.party(entity, head)
        return self.naming.entity(entity, head.mention, confidence)

    def _pronoun(
        self,
        head: Head,
        previous: Quote | None,
        outer: Quote | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity],
    ) -> list[Answer]:
        word = head.word
        if word in FIRST and outer is not None and outer.speakers:
            step = f"{head.span.text} -> {outer.speakers[0].name} [speaker of the enclosing quote]"
            return [again(outer.speakers[0], head.span, step, 0.95)]
        if word in HE | SHE:
            return [self.people.pronoun(head.span, word, said, exclude)]
        if word in IT:
            return [self.organizations.it(head, previous)]
        if word in FIRST:
            return [self.people.author_of(head)]
        if word in FIRST_PLURAL:
            return [self.people.signer(head) or Answer(None, "group", mention=head.span)]
        return self._plural(head, previous) if word in THEY else [Answer(None, "unknown")]

    def _plural(self, head: Head, previous: Quote | None) -> list[Answer]:
        """``they``: the two who spoke before, or the group."""
        speakers = previous.speakers if previous is not None else ()
        named = [s for s in speakers if s.name]
        if len(named) > 1 or any(s.type == "group" for s in named):
            chosen = named if len(named) > 1 else [s for s in named if s.type == "group"][:1]
            return [
                again(s, head.span, f"{head.span.text} -> {s.name} [speaker before]", _SAME_GROUP)
                for s in chosen
            ]
        one = previous is not None and len(named) == 1 and named[0].type == "organization"
        if previous is not None and one and self._next_sentence(previous, head):
            step = f"{head.span.text} -> {named[0].name} [speaker before]"
            return [again(named[0], head.span, step, 0.75)]
        return self._pair_before(head) or [self._group_before(head)]

    def _next_sentence(self, previous: Quote, head: Head) -> bool:
        """Whether a phrase stands in the sentence after a quote, or in the same."""
        sentences = self.naming.coreference.sentences
        end = max(s.end for s in (*previous.content, *previous.cue, *previous.source))
        apart = bisect.bisect_right(sentences, head.span.start) - bisect.bisect_left(sentences, end)
        return apart <= 1

    def _group_before(self, head: Head) -> Answer:
        """The party or people named last, in this sentence or the one before."""
        naming = self.naming
        sentences = naming.coreference.sentences
        i = bisect.bisect_right(sentences, head.span.start) - 1
        low = sentences[max(0, i - 1)]
        for mention in reversed(naming.phrases.mentions_in(Span(low, head.span.start))):
            found = naming.entities.of(mention) if mention.form == "name" else None
            if found is not None and found[0].type == "group" and mention.type == "group":
                before = naming.phrases.tokens_in(Span(low, mention.span.start))[-1:]
                start = before[0].start if before and before[0].capital else mention.span.start
                named = naming.phrases.heads(Span(start, mention.span.end))[-1]
                answer = self.organizations.party(found[0], named)
                step = f"{head.span.text} -> {mention.span.text} [group before]"
                sure = 0.8 * answer.probability
                return replace(answer, mention=head.span, probability=sure, steps=(step,))
        return Answer(None, "group", mention=head.span)

    def _pair_before(self, head: Head) -> list[Answer]:
        """The two whom the sentence before joins: ``A and B rarely agree. They said ...``."""
        naming = self.naming
        sentences = naming.coreference.sentences
        i = bisect.bisect_right(sentences, head.span.start) - 1
        low = sentences[max(0, i - 1)]
        named = [
            m for m in naming.phrases.mentions_in(Span(low, head.span.start)) if m.form == "name"
        ]
        for first, second in pairwise(named):
            between = naming.article.text[first.span.end : second.span.start]
            found = [naming.entities.of(m) for m in (first, second)]
            if between not in (" and ", " and the "):
                continue
            answers = [
                naming.entity(f[0], m, 0.65 * f[1], (f"{head.span.text} -> {m.span.text} [pair]",))
                for f, m in zip(found, (first, second), strict=True)
                if f is not None and f[0].type in ("person", "organization")
            ]
            return answers if len(answers) == 2 else []
        return []

    def _relative(self, head: Head) -> Answer:
        """``who``, ``which``: the noun phrase right before it."""
        phrases = self.naming.phrases
        before = phrases.tokens_in(Span(max(0, head.span.start - 160), head.span.start))
        if not before:
            return Answer(None, "unknown", mention=head.span)
        before, mention = self._named_before(before, head.word)
        last = before[-1]
        if mention is not None and mention.form == "name":
            first = next(i for i, t in enumerate(before) if phrases.mention_over(t) is mention)
            while first > 1 and before[first - 1].key in ("the", "a", "an"):
                first -= 1
            if first >= 2 and before[first - 1].key in ("of", "for", "with", "from", "at"):
                kind = noun_type(before[first - 2].key)
                if kind in ("person", "group"):
                    apposed = self.people.apposed(before) if kind == "person" else None
                    return apposed or Answer(None, kind, mention=head.span)
            if head.word != "which" and mention.type in ("organization", "country"):
                return Answer(None, "person", mention=head.span)
            head_of = Head("name", mention.span, mention.type, last.key, mention)
            answer = self.name(head_of, as_speaker=True)
            step = f"{head.span.text} -> {mention.span.text} [relative clause]"
            return replace(answer, steps=(step, *answer.steps), mention=head.span)
        kind = noun_type(last.key)
        named = self.people.apposed(before) if kind == "person" else None
        return named or Answer(None, kind, mention=head.span)

    def _named_before(
        self, before: Sequence[Token], word: str
    ) -> tuple[Sequence[Token], Mention | None]:
        """Words up to what ``who`` can mean, without ``(D-Va.)`` and ``of Texas`` after it."""
        phrases = self.naming.phrases
        mention = phrases.mention_over(before[-1])
        if word not in ("who", "whom", "whose") or len(before) < 3:
            return before, mention
        for size in (1, 2, 3):
            short = before[: len(before) - size]
            if len(short) < 1:
                break
            rest = self.naming.article.text[short[-1].end : before[-1].end].strip()
            place = mention is not None and mention.type == "country"
            other = phrases.mention_over(short[-1])
            if (
                other is not None
                and other.type == "person"
                and (
                    rest.startswith("(")
                    or (place and rest.startswith(("of ", ", of", ", D", ", R")))
                )
            ):
                return short, other
        return before, mention

    def _nominal(
        self,
        head: Head,
        previous: Quote | None,
        said: Sequence[Said],
        exclude: Sequence[ArticleEntity],
    ) -> Answer:
        if head.type == "organization":
            return self.organizations.nominal(head, said)
        if head.type == "person" and head.definite:
            if head.word in COMPANIES and head.owner is None:  # ``the operator`` may be either
                company = self.organizations.before(head)
                if company.name is not None:
                    return company
            return self.people.titled(head, said, exclude)
        if head.type == "document":
            return self._document(head, previous)
        return Answer(None, head.type, mention=head.span)

    def _document(self, head: Head, previous: Quote | None) -> Answer:
        """A document has the name of whose it is; ``the poll`` is the one named last."""
        name = self._of_a_person(head) or self.documents.named(head.span)
        if name is not None:
            step = f"{head.span.text} -> {name} [document]"
            return Answer(name, "document", self.naming.id(name), None, head.span, 0.55, (step,))
        if head.definite and previous is not None:
            for speaker in previous.speakers:
                if speaker.type == "document" and (speaker.name or "").endswith(head.word):
                    step = f"{head.span.text} -> {speaker.name} [speaker before]"
                    return again(speaker, head.span, step, 1.0)
        found = self.documents.last_of_sort(head.word, head.span.start) if head.definite else None
        if found is not None:
            step = f"{head.span.text} -> {found.name} [document named before]"
            return Answer(
                found.name, "document", self.naming.id(found.name), None, head.span, 0.5, (step,)
            )
        return Answer(None, "document", mention=head.span)

    def _of_a_person(self, head: Head) -> str | None:
        """``Ruiz's research`` is ``Ana Ruiz's research``, where such a document has a name."""
        found = self.naming.entities.of(head.owner) if head.owner is not None else None
        if found is None or found[0].type != "person" or self.documents.named(head.span) is None:
            return None
        return f"{found[0].name}'s {head.word}"


def _with_shared_surname(answers: list[Answer]) -> list[Answer]:
    """``Sanna and Dario Whitcombe``: a given name alone takes the surname after it."""
    if len(answers) == 2 and all(a.name and a.type == "person" for a in answers):
        first, second = answers
        if " " not in str(first.name) and " " in str(second.name) and first.role is None:
            name = f"{first.name} {str(second.name).split()[-1]}"
            certainty = second.probability
            return [replace(first, name=name, id=None, probability=certainty), second]
    return answers
