"""What a row of a sentence or coreference corpus becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quotestance import fields
from quotestance.quotes import Span


@dataclass(frozen=True, slots=True)
class TargetedSentence:
    """A sentence with the tone of a holder toward a target.

    Args:
        id: Unique in the corpus.
        text: The sentence; spans are code points of it.
        target: The words toward which the tone is.
        holder: The words that name whose tone it is; None for the writer.
        label: ``supportive``, ``neutral`` or ``critical``.
        pair: Shared by the two directions of one pair of entities (DSE); None elsewhere.
    """

    id: str
    text: str
    target: Span
    holder: Span | None
    label: str
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class GapExample:
    """A snippet with a pronoun and the candidates it may refer to.

    Args:
        id: Unique in the corpus.
        text: The snippet.
        pronoun: The ambiguous pronoun.
        gender: ``M`` or ``F``.
        candidates: Each candidate name with whether the pronoun refers to it.
    """

    id: str
    text: str
    pronoun: Span
    gender: str
    candidates: tuple[tuple[Span, bool], ...]


@dataclass(frozen=True, slots=True)
class CorefMention:
    """A mention of a document.

    Args:
        span: Its words.
        cluster: Mentions of one cluster are the same entity.
        entity_type: ``person``, ``organization``, ``place``, ``abstract`` and so on.
        infstat: Information status (``new``, ``giv:act``, ...), or None.
        wiki: Title of the Wikipedia page of the entity, or None.
    """

    span: Span
    cluster: int
    entity_type: str
    infstat: str | None = None
    wiki: str | None = None


@dataclass(frozen=True, slots=True)
class CorefDocument:
    """A document with all its mentions, in text order."""

    id: str
    text: str
    mentions: tuple[CorefMention, ...]


@dataclass(frozen=True, slots=True)
class EntitySentence:
    """A sentence with its named entities: span and type of each."""

    id: str
    text: str
    entities: tuple[tuple[Span, str], ...]


def check_span(value: object, place: str, text: str) -> Span:
    """``value`` as a span, not empty and within ``text``, with its words."""
    start, end = fields.pair(value, place)
    if not start < end <= len(text):
        expected = f"[start, end] with 0 <= start < end <= {len(text)}, the length of the text"
        raise fields.fault(expected, [start, end], place)
    return Span(start, end).of(text)


def span_of(data: Mapping[str, Any], key: str, where: str, text: str) -> Span:
    """The span under ``key``."""
    return check_span(data.get(key), fields.path(where, key), text)


def spans_of(data: Mapping[str, Any], key: str, where: str, text: str) -> tuple[Span, ...]:
    """The list of spans under ``key``."""
    values = fields.items(data, key, where)
    place = fields.path(where, key)
    return tuple(check_span(value, f"{place}[{i}]", text) for i, value in enumerate(values))
