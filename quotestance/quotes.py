"""Parts of a record: spans, stance, speakers, quotes, entities."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from quotestance import fields
from quotestance.errors import InputError

KINDS = ("direct", "indirect", "mixed")
POLARITIES = ("affirmed", "denied")
MODES = ("speech", "thought")
STANCES = ("supportive", "neutral", "critical")
SPEAKER_TYPES = ("person", "organization", "group", "document", "unknown")
TARGET_TYPES = ("person", "organization", "country", "group", "issue", "action", "event")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: ``text[start:end]``.

    Args:
        start: First code point, from 0.
        end: One past the last code point; never below ``start``.
        text: The words themselves, filled in by the article that holds the span.
    """

    start: int
    end: int
    text: str = field(default="", compare=False)

    def __iter__(self) -> Iterator[int]:
        return iter((self.start, self.end))

    def __len__(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return self.text or f"[{self.start}, {self.end})"

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> Span:
        """The same span with its words sliced from ``text``."""
        return Span(self.start, self.end, text[self.start : self.end])


@dataclass(frozen=True, slots=True)
class Stance:
    """The attitude that a holder expresses toward a target.

    Args:
        label: ``supportive``, ``neutral`` or ``critical``.
        probabilities: Calibrated probability of each label, summing to 1; None for gold.
    """

    label: str
    probabilities: Mapping[str, float] | None = None

    @property
    def score(self) -> float | None:
        """p(supportive) - p(critical), from -1 to 1; None where no probabilities are known."""
        if self.probabilities is None:
            return None
        return self.probabilities["supportive"] - self.probabilities["critical"]

    @property
    def confidence(self) -> float | None:
        """Probability of the label itself, from 0 to 1; None for gold."""
        return None if self.probabilities is None else self.probabilities[self.label]


@dataclass(frozen=True, slots=True)
class Confidence:
    """Calibrated probabilities (0 to 1) of the decisions behind a quote; None where unknown."""

    quote: float | None = None
    speaker: float | None = None
    stance: float | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a quote.

    Args:
        name: Canonical name, or None where it is not known or withheld.
        type: One of ``SPEAKER_TYPES``.
        id: Stable identifier (a Wikidata id where the roster has one).
        role: Office or title, as in ``Secretary of State``.
        mention: The words of the text that the name was resolved from.
        confidence: Probability (0 to 1) that the name is right.
        aliases: Other names that count as right (gold only).
        steps: How the name was found, one step an entry.
        extra: Unknown keys of the JSON object.
    """

    name: str | None
    type: str = "unknown"
    id: str | None = None
    role: str | None = None
    mention: Span | None = None
    confidence: float | None = None
    aliases: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON object; optional keys are left out where they hold nothing."""
        out: dict[str, Any] = {"name": self.name, "type": self.type}
        out |= {k: v for k in ("id", "role") if (v := getattr(self, k)) is not None}
        if self.mention is not None:
            out["mention"] = list(self.mention)
        if self.confidence is not None:
            out["confidence"] = self.confidence
        out |= {k: list(v) for k in ("aliases", "steps") if (v := getattr(self, k))}
        return out | dict(self.extra)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "speaker") -> Self:
        """Read a JSON object; raises ``InputError`` naming the field under ``where``."""
        data = fields.mapping(data, where)
        known: dict[str, Any] = {
            "name": fields.text_or_none(data, "name", where),
            "type": fields.choice(data, "type", SPEAKER_TYPES, where, default="unknown"),
            "id": fields.text_or_none(data, "id", where),
            "role": fields.text_or_none(data, "role", where),
            "mention": _span_or_none(data, "mention", where),
            "confidence": fields.number_or_none(data, "confidence", where),
            "aliases": fields.texts(data, "aliases", where),
            "steps": fields.texts(data, "steps", where),
        }
        return cls(**known, extra=unknown(data, known))


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation: its content, cue and source, who says it, toward what, in what tone.

    Args:
        id: Unique within the article.
        content: Pieces of what is said, in text order; at least one in a labelled file.
        cue: Pieces of the words that do the reporting; empty where there are none.
        source: Pieces of the noun phrase of who says it; empty where there is none.
        kind: ``direct``, ``indirect`` or ``mixed``.
        speakers: One entry as a rule; two where two people are assigned one quote.
        via: Names of the channels through which the quote came, nearest to the speaker first.
        polarity: ``denied`` where the article says that the source does not hold the content.
        mode: ``speech`` or ``thought``.
        stance: What the speaker expresses toward the target.
        target: Canonical name or short noun phrase, or None.
        target_type: One of ``TARGET_TYPES`` or None.
        target_span: The words that name the target.
        target_id: Stable identifier of the target.
        inside: Id of the quote that encloses this one.
        is_quote: False for an attribution in PolNeAR's sense that is no quote by the guide.
        confidence: Calibrated probabilities; empty for gold.
        unlabelled: JSON keys that the labelled file lacks.
        extra: Unknown keys of the JSON object (``stance_alternative`` among them).
    """

    id: str
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    kind: str | None = None
    speakers: tuple[Speaker, ...] = ()
    via: tuple[str, ...] = ()
    polarity: str | None = "affirmed"
    mode: str | None = "speech"
    stance: Stance | None = None
    target: str | None = None
    target_type: str | None = None
    target_span: Span | None = None
    target_id: str | None = None
    inside: str | None = None
    is_quote: bool = True
    confidence: Confidence = Confidence()
    unlabelled: frozenset[str] = frozenset()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words of the content, pieces joined by `` … ``."""
        return " … ".join(span.text for span in self.content)

    @property
    def speaker(self) -> Speaker | None:
        """The first speaker, or None."""
        return self.speakers[0] if self.speakers else None

    def has(self, key: str) -> bool:
        """Whether the JSON key ``key`` is labelled (always true for predictions)."""
        return key not in self.unlabelled

    def replace(self, **changes: Any) -> Quote:
        """A copy with some fields changed; what is set becomes labelled."""
        return dataclasses.replace(
            self, **{"unlabelled": self.unlabelled - changes.keys(), **changes}
        )

    def bind(self, text: str) -> Quote:
        """A copy whose spans carry their words, sliced from ``text``."""

        def words(spans: tuple[Span, ...]) -> tuple[Span, ...]:
            return tuple(span.of(text) for span in spans)

        return dataclasses.replace(
            self,
            content=words(self.content),
            cue=words(self.cue),
            source=words(self.source),
            target_span=self.target_span and self.target_span.of(text),
            speakers=tuple(
                dataclasses.replace(s, mention=s.mention and s.mention.of(text))
                for s in self.speakers
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON object of the annotation guide; unlabelled keys are left out."""
        out: dict[str, Any] = {"id": self.id, "content": pairs(self.content)}
        out |= {"cue": pairs(self.cue), "source": pairs(self.source), "kind": self.kind}
        out["speakers"] = [speaker.to_dict() for speaker in self.speakers]
        out |= {"via": list(self.via), "polarity": self.polarity, "mode": self.mode}
        out["stance"] = self.stance.label if self.stance else None
        out |= {"target": self.target, "target_type": self.target_type}
        out = {k: v for k, v in out.items() if k not in self.unlabelled}
        if self.target_span is not None:
            out["target_span"] = list(self.target_span)
        out |= {k: v for k in ("target_id", "inside") if (v := getattr(self, k)) is not None}
        if not self.is_quote:
            out["is_quote"] = False
        confidence = {k: v for k, v in dataclasses.asdict(self.confidence).items() if v is not None}
        if confidence:
            out["confidence"] = confidence
        if self.stance and self.stance.probabilities is not None:
            out["stance_probabilities"] = dict(self.stance.probabilities)
            out["stance_score"] = self.stance.score
        return out | dict(self.extra)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "quote") -> Self:
        """Read a JSON object; raises ``InputError`` naming the field under ``where``."""
        data = fields.mapping(data, where)
        if "content" not in data:
            raise InputError(
                "expected a list of [start, end] pairs, found no such key",
                field=f"{where}.content",
                hint="every quote needs the spans of what is said",
            )
        speakers = fields.items(data, "speakers", where)
        known: dict[str, Any] = {
            "id": fields.required_text(data, "id", where),
            "content": _spans(data, "content", where),
            "cue": _spans(data, "cue", where),
            "source": _spans(data, "source", where),
            "kind": fields.choice(data, "kind", KINDS, where),
            "speakers": tuple(
                Speaker.from_dict(s, f"{where}.speakers[{i}]") for i, s in enumerate(speakers)
            ),
            "via": fields.texts(data, "via", where),
            "polarity": fields.choice(data, "polarity", POLARITIES, where),
            "mode": fields.choice(data, "mode", MODES, where),
            "stance": _stance(data, where),
            "target": fields.text_or_none(data, "target", where),
            "target_type": fields.choice(data, "target_type", TARGET_TYPES, where),
            "target_span": _span_or_none(data, "target_span", where),
            "target_id": fields.text_or_none(data, "target_id", where),
            "inside": fields.text_or_none(data, "inside", where),
            "is_quote": fields.boolean(data, "is_quote", where, default=True),
            "confidence": _confidence(data, where),
        }
        read = {*known, "stance_probabilities", "stance_score"}
        unlabelled = frozenset(key for key in _LABELS if key not in data)
        return cls(**known, unlabelled=unlabelled, extra=unknown(data, read))


_LABELS = (
    *("cue", "source", "kind", "speakers", "via"),
    *("polarity", "mode", "stance", "target", "target_type"),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organization, group or place of one article, with all its mentions.

    Args:
        id: Stable identifier (a Wikidata id where the roster has one).
        name: Canonical name, or None for one that the article never names.
        type: One of ``SPEAKER_TYPES`` or ``country``.
        mentions: Every mention found, in text order.
    """

    id: str
    name: str | None
    type: str
    mentions: tuple[Span, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON object."""
        return {
            "id": self.id, "name": self.name, "type": self.type, "mentions": pairs(self.mentions)
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], where: str = "entity") -> Self:
        """Read a JSON object; raises ``InputError`` naming the field under ``where``."""
        data = fields.mapping(data, where)
        return cls(
            id=fields.required_text(data, "id", where),
            name=fields.text_or_none(data, "name", where),
            type=fields.required_text(data, "type", where),
            mentions=_spans(data, "mentions", where),
        )


def pairs(spans: Sequence[Span]) -> list[list[int]]:
    """Spans as the lists of two numbers that JSON holds."""
    return [list(span) for span in spans]


def _spans(data: Mapping[str, Any], key: str, where: str) -> tuple[Span, ...]:
    values = fields.items(data, key, where)
    place = fields.path(where, key)
    return tuple(Span(*fields.pair(v, f"{place}[{i}]")) for i, v in enumerate(values))


def _span_or_none(data: Mapping[str, Any], key: str, where: str) -> Span | None:
    value = data.get(key)
    return None if value is None else Span(*fields.pair(value, fields.path(where, key)))


def _stance(data: Mapping[str, Any], where: str) -> Stance | None:
    label = fields.choice(data, "stance", STANCES, where)
    if label is None:
        return None
    given = data.get("stance_probabilities")
    if given is None:
        return Stance(label)
    place = fields.path(where, "stance_probabilities")
    given = fields.mapping(given, place)
    numbers = {name: fields.number_or_none(given, name, place) for name in STANCES}
    for name, number in numbers.items():
        if number is None or not 0 <= number <= 1:
            raise fields.fault("a probability from 0 to 1", number, f"{place}.{name}")
    return Stance(label, {name: number or 0.0 for name, number in numbers.items()})


def _confidence(data: Mapping[str, Any], where: str) -> Confidence:
    place = fields.path(where, "confidence")
    given = fields.mapping(data.get("confidence") or {}, place)
    names = ("quote", "speaker", "stance")
    return Confidence(**{name: fields.number_or_none(given, name, place) for name in names})


def unknown(data: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """The keys of ``data`` that the format does not know, kept for writing them back."""
    read = set(known)
    return {key: value for key, value in data.items() if key not in read}
