"""Names of targets: what the words that name the target stand for."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quotestance.quotes import Quote, Span
from quotestance.stages.coreference import Said
from quotestance.stages.entity import ArticleEntity
from quotestance.stages.lexicon import EVENT_HEADS, FIRST, FIRST_PLURAL, HE, PRONOUNS, SHE
from quotestance.stages.naming import Answer
from quotestance.stages.phrases import Head
from quotestance.stages.resolution import Resolver

_DETERMINERS = re.compile(
    r"^(?:the|a|an|this|that|these|those|its|their|his|her|our|my|your|any|some|such)\s+",
    re.IGNORECASE,
)
_LONGEST = 80
_EVENTS = EVENT_HEADS | frozenset(
    """meeting talks visit trip attack attacks shooting protest
protests rally vote referendum speech race strike explosion crash incident killing assassination
nomination raid invasion ceasefire offensive siege coup riot riots march tour""".split()
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a quote is about.

    Args:
        name: Canonical name, or the head noun phrase.
        type: One of ``TARGET_TYPES``.
        id: Stable identifier of an entity.
        entity: The entity of the article.
    """

    name: str | None
    type: str | None
    id: str | None = None
    entity: ArticleEntity | None = None


def resolve_target(
    span: Span, quote: Quote, resolver: Resolver, said: Sequence[Said], threshold: float
) -> Target:
    """Name, type and id of the words of a target.

    Args:
        span: The words.
        quote: The quote with its speakers.
        resolver: The article's resolver.
        said: Quotes whose speakers are known.
        threshold: A pronoun less certain than this keeps no name.
    """
    span = span.of(resolver.naming.article.text)
    head = _head(span, resolver)
    answer: Answer | None = None
    if head.form == "name" and head.word in _PARTIES and len(head.words) <= 2:
        return _party(head, resolver)
    if head.form == "name":
        answer = resolver.name(head, as_speaker=False)
    elif head.form == "pronoun":
        answer = _pronoun(quote, head, resolver, said)
        if answer is None or answer.name is None or answer.probability < threshold:
            return Target(None, None)
    elif head.form == "nominal":
        answer = _nominal(head, resolver, said)
    if answer is None or answer.name is None or answer.probability < threshold:
        return _phrase(span, head)
    return _entity_target(answer, head)


def _head(span: Span, resolver: Resolver) -> Head:
    """The head of the words; a pronoun is one also where a verb hangs on it (``we're``)."""
    word = span.text.casefold()
    if word in PRONOUNS:
        return Head("pronoun", span, word=word)
    return resolver.naming.phrases.heads(span)[0]


_PARTIES = {"republicans": "Republican Party", "democrats": "Democratic Party"}


def _party(head: Head, resolver: Resolver) -> Target:
    """The members of a party as a target are the party."""
    known = resolver.naming.tables.organization(_PARTIES[head.word])
    return Target(_PARTIES[head.word], "organization", known.id if known else None)


def _entity_target(answer: Answer, head: Head) -> Target:
    type_ = answer.type if answer.type in ("person", "organization", "country") else "group"
    if head.mention is not None and head.mention.type == "unknown" and answer.type == "unknown":
        type_ = "issue"
    return Target(answer.name, type_, answer.id, answer.entity)


def _pronoun(quote: Quote, head: Head, resolver: Resolver, said: Sequence[Said]) -> Answer | None:
    """First person within the quote is its speaker; the third is somebody else by preference.

    ``we`` is the speaker where that is an organization.
    """
    if head.word in FIRST | FIRST_PLURAL:
        speaker = quote.speaker
        if speaker is None or speaker.name is None:
            return None
        if head.word in FIRST_PLURAL and speaker.type != "organization":
            return None
        return Answer(speaker.name, speaker.type, speaker.id, probability=speaker.confidence or 0.0)
    if head.word not in HE | SHE:
        return None
    before = said[: bisect.bisect_left(said, head.span.start, key=lambda s: s.position)]
    direct = quote.kind == "direct" or resolver.naming.article.text.startswith(
        ('"', "“", "‘", "«", "'"), quote.content[0].start
    )
    name = quote.speaker.name if quote.speaker is not None else None
    people = resolver.naming.coreference.people if direct and name else ()
    exclude = [entity for entity in people if entity.name == name][:1]
    return resolver.people.pronoun(head.span, head.word, before, exclude, not direct)


def _nominal(head: Head, resolver: Resolver, said: Sequence[Said]) -> Answer | None:
    if head.type == "person" and head.definite:
        return resolver.people.titled(head, said)
    if head.type == "organization":
        return resolver.organizations.nominal(head, said)
    return None


def _phrase(span: Span, head: Head) -> Target:
    """An issue, action or event keeps its noun phrase, without the determiner."""
    name = " ".join(_DETERMINERS.sub("", span.text).split())
    if len(name) > _LONGEST:
        name = name[:_LONGEST].rsplit(" ", 1)[0]
    first = name.split(" ")[0].casefold() if name else ""
    if head.type in ("group", "person", "organization"):
        return Target(name or None, head.type)
    if head.word in _EVENTS:
        return Target(name or None, "event")
    return Target(name or None, "action" if first.endswith("ing") else "issue")
