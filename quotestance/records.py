"""The one record format: articles, quotes, speakers, stance; predictions and gold alike.

The JSON form is the labelled article of ``docs/format.md``. Spans are ``[start, end)`` in
Unicode code points of the article's own text. Keys that a file lacks are unlabelled, not
negative; unknown keys survive reading and writing.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from quotestance import fields
from quotestance.errors import InputError, MissingExtraError
from quotestance.quotes import (
    KINDS,
    MODES,
    POLARITIES,
    SPEAKER_TYPES,
    STANCES,
    TARGET_TYPES,
    Confidence,
    Entity,
    Quote,
    Span,
    Speaker,
    Stance,
    unknown,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "FORMAT_VERSION", "KINDS", "MODES", "POLARITIES", "ROW_COLUMNS", "SPEAKER_TYPES", "STANCES",
    "TARGET_TYPES", "AnnotatedArticle", "Article", "Confidence", "Entity", "Quote", "Span",
    "Speaker", "Stance", "read_records", "write_records",
]  # fmt: skip

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Article:
    """A news article to read.

    Args:
        text: Any Unicode string; never rewritten.
        id: Name of the article, unique in a batch.
        title: Headline, where it is kept apart from the text; spans refer to ``text`` alone.
        outlet: Who published it.
        date: Day of publication as ``YYYY-MM-DD``.
        meta: Anything else worth keeping.
    """

    text: str
    id: str = ""
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise InputError(
                f"expected a string, found {type(self.text).__name__}",
                field="text",
                hint="pass the article as str or qs.Article; for several use nlp.pipe(articles)",
            )
        fields.check_date(self.date)


@dataclass(frozen=True)
class AnnotatedArticle(Article):
    """An article with its quotes: what the pipeline returns and what gold files hold.

    Args:
        quotes: In text order.
        entities: People, organizations and places that the quotes refer to.
        model: ``{"name", "version"}`` of what made the record; None for hand labels.
        warnings: What a reader of the quotes should know, such as text in another language.
        extra: Unknown keys of the JSON object.
    """

    quotes: tuple[Quote, ...] = ()
    entities: tuple[Entity, ...] = ()
    model: Mapping[str, str] | None = None
    warnings: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_spans(self)
        text = self.text
        object.__setattr__(self, "quotes", tuple(quote.bind(text) for quote in self.quotes))
        entities = tuple(
            dataclasses.replace(e, mentions=tuple(m.of(text) for m in e.mentions))
            for e in self.entities
        )
        object.__setattr__(self, "entities", entities)

    def __len__(self) -> int:
        return len(self.quotes)

    def __bool__(self) -> bool:
        """Always true: an article without quotes is still a result."""
        return True

    def __iter__(self) -> Iterator[Quote]:
        return iter(self.quotes)

    def __getitem__(self, quote_id: str) -> Quote:
        for quote in self.quotes:
            if quote.id == quote_id:
                return quote
        raise KeyError(self._no_quote(quote_id))

    @property
    def speakers(self) -> dict[str, list[Quote]]:
        """Quotes by the name of their speaker, in order of first appearance."""
        out: dict[str, list[Quote]] = {}
        for quote in self.quotes:
            for speaker in quote.speakers:
                if speaker.name is not None:
                    out.setdefault(speaker.name, []).append(quote)
        return out

    def with_speaker(self, quote_id: str, name: str | None, type: str | None = None) -> Self:
        """A copy in which a person corrected the speaker of one quote.

        A name that an entity or the speaker of another quote has brings its identifier, type
        and role along; two who share the name bring none.

        Args:
            quote_id: Id of the quote.
            name: Canonical name, or None to withhold it.
            type: One of ``SPEAKER_TYPES``; by default that of whom the article knows by this
                name, else ``person``. A name withheld leaves the type as it was.

        Raises:
            InputError: No quote has that id, ``name`` is no name, or ``type`` is something else.
        """
        if not any(quote.id == quote_id for quote in self.quotes):
            raise InputError(self._no_quote(quote_id), field="quote_id")
        if name is not None and (not isinstance(name, str) or not name.strip()):
            raise fields.fault("a name, or None to withhold it", name, "name")
        fields.choice({"type": type}, "type", SPEAKER_TYPES, "")
        speaker = self._known(quote_id, name, type)
        quotes = tuple(
            _corrected(quote, speaker) if quote.id == quote_id else quote for quote in self.quotes
        )
        return dataclasses.replace(self, quotes=quotes, extra={**self.extra, "corrected": True})

    def _no_quote(self, quote_id: str) -> str:
        ids = [quote.id for quote in self.quotes]
        found = (", ".join(ids[:8]) or "none") + (" ..." if len(ids) > 8 else "")
        return f"no quote has the id {quote_id!r}; found: {found}"

    def _known(self, quote_id: str, name: str | None, type: str | None) -> Speaker:
        """Who of the article has that name and, where one is given, that type."""
        if name is None:
            before = self[quote_id].speaker
            return Speaker(None, type or (before.type if before else "unknown"))
        spoken = [s for quote in self.quotes for s in quote.speakers if s.name == name]
        named = [(e.id, e.type) for e in self.entities if e.name == name]
        known = [
            (id, of)
            for id, of in (*named, *((s.id, s.type) for s in spoken))
            if of in SPEAKER_TYPES and (type is None or of in (type, "unknown"))
        ]
        types = [of for _, of in known if of != "unknown"]
        ids = {id for id, _ in known if id is not None}
        if len(ids) > 1:
            return Speaker(name, type or (types[0] if len(set(types)) == 1 else "person"))
        id = next(iter(ids), None)
        role = next((s.role for s in spoken if s.role is not None and s.id == id), None)
        return Speaker(name, type or next(iter(types), "person"), id, role)

    def to_dict(self) -> dict[str, Any]:
        """JSON object of the annotation guide."""
        out: dict[str, Any] = {"format": FORMAT_VERSION, "id": self.id}
        out |= {"title": self.title, "outlet": self.outlet, "date": self.date, "text": self.text}
        out |= {"meta": dict(self.meta), "quotes": [quote.to_dict() for quote in self.quotes]}
        if self.entities:
            out["entities"] = [entity.to_dict() for entity in self.entities]
        if self.model is not None:
            out["model"] = dict(self.model)
        return out | {"warnings": list(self.warnings)} | dict(self.extra)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read a JSON object of the annotation guide.

        Raises:
            InputError: A key is missing or holds something else than the format says; the
                error names the field.
        """
        data = fields.mapping(data, "article")
        version = data.get("format", FORMAT_VERSION)
        if version != FORMAT_VERSION:
            raise InputError(
                f"expected {FORMAT_VERSION}, found {version!r}",
                field="format",
                hint="the record was written by another version of quotestance",
            )
        if not isinstance(data.get("text"), str):
            raise InputError(
                "expected a string, found " + ("no such key" if "text" not in data else
                                               type(data["text"]).__name__),
                field="text",
            )  # fmt: skip
        model = data.get("model")
        known = {
            "text": data["text"],
            "id": fields.text_or_none(data, "id", "") or "",
            "title": fields.text_or_none(data, "title", ""),
            "outlet": fields.text_or_none(data, "outlet", ""),
            "date": fields.text_or_none(data, "date", ""),
            "meta": fields.mapping(data.get("meta") or {}, "meta"),
            "quotes": tuple(
                Quote.from_dict(q, f"quotes[{i}]")
                for i, q in enumerate(fields.items(data, "quotes", ""))
            ),
            "entities": tuple(
                Entity.from_dict(e, f"entities[{i}]")
                for i, e in enumerate(fields.items(data, "entities", ""))
            ),
            "model": None if model is None else fields.mapping(model, "model"),
            "warnings": fields.texts(data, "warnings", ""),
        }
        return cls(**known, extra=unknown(data, {*known, "format"}))

    def to_json(self) -> str:
        """One line of JSON, ASCII escaped so that any string survives (lone surrogates too)."""
        return json.dumps(self.to_dict(), ensure_ascii=True)

    def to_rows(self) -> list[dict[str, Any]]:
        """One flat row a quote, as in ``to_pandas``."""
        return [_row(self, quote) for quote in self.quotes]

    def to_pandas(self) -> pd.DataFrame:
        """One row a quote: article keys, content, speaker, target, stance, offsets, confidence."""
        try:
            import pandas as pd
        except ImportError:
            raise MissingExtraError("to_pandas()", "data", "pandas") from None
        return pd.DataFrame(self.to_rows(), columns=list(ROW_COLUMNS))

    def to_html(self) -> str:
        """The article as one self-contained, escaped HTML page with its quotes marked."""
        from quotestance.render import page

        return page([self])

    def _repr_html_(self) -> str:
        from quotestance.render import fragment

        return fragment(self)

    def __rich__(self) -> Any:
        from quotestance.render import table

        return table(self)


def _corrected(quote: Quote, speaker: Speaker) -> Quote:
    # Where no name is given, there is none to be sure of.
    sure = None if speaker.name is None else 1.0
    speaker = dataclasses.replace(
        speaker,
        mention=quote.speaker.mention if quote.speaker else None,
        confidence=sure,
        steps=("corrected by hand",),
    )
    confidence = dataclasses.replace(quote.confidence, speaker=sure)
    return quote.replace(speakers=(speaker,), confidence=confidence)


def _check_spans(doc: AnnotatedArticle) -> None:
    size = len(doc.text)
    for span, place in _placed_spans(doc):
        if not 0 <= span.start <= span.end <= size:
            raise InputError(
                f"expected a span within the {size} code points of the text, found {list(span)}",
                field=place,
                hint="offsets count Unicode code points (Python string indices), not bytes; "
                "quotestance check --repair mends other units",
            )


def _placed_spans(doc: AnnotatedArticle) -> Iterator[tuple[Span, str]]:
    for i, quote in enumerate(doc.quotes):
        for role in ("content", "cue", "source"):
            for j, span in enumerate(getattr(quote, role)):
                yield span, f"quotes[{i}].{role}[{j}]"
        if quote.target_span is not None:
            yield quote.target_span, f"quotes[{i}].target_span"
        for j, speaker in enumerate(quote.speakers):
            if speaker.mention is not None:
                yield speaker.mention, f"quotes[{i}].speakers[{j}].mention"
    for i, entity in enumerate(doc.entities):
        for j, mention in enumerate(entity.mentions):
            yield mention, f"entities[{i}].mentions[{j}]"


ROW_COLUMNS = (
    *("article", "outlet", "date", "quote", "kind", "content", "speaker", "speaker_type"),
    *("speaker_id", "source", "cue", "via", "polarity", "mode", "target", "target_type"),
    *("stance", "stance_score", "start", "end", "confidence", "speaker_confidence"),
    *("stance_confidence", "is_quote"),
)


def _row(doc: AnnotatedArticle, quote: Quote) -> dict[str, Any]:
    speakers = quote.speakers
    return {
        "article": doc.id,
        "outlet": doc.outlet,
        "date": doc.date,
        "quote": quote.id,
        "kind": quote.kind,
        "content": quote.text,
        "speaker": "; ".join(s.name for s in speakers if s.name) or None,
        "speaker_type": speakers[0].type if speakers else None,
        "speaker_id": speakers[0].id if speakers else None,
        "source": " … ".join(s.text for s in quote.source),
        "cue": " … ".join(s.text for s in quote.cue),
        "via": "; ".join(quote.via),
        "polarity": quote.polarity,
        "mode": quote.mode,
        "target": quote.target,
        "target_type": quote.target_type,
        "stance": quote.stance.label if quote.stance else None,
        "stance_score": quote.stance.score if quote.stance else None,
        "start": quote.content[0].start if quote.content else None,
        "end": quote.content[-1].end if quote.content else None,
        "confidence": quote.confidence.quote,
        "speaker_confidence": quote.confidence.speaker,
        "stance_confidence": quote.confidence.stance,
        "is_quote": quote.is_quote,
    }


def read_records(path: str | Path) -> list[AnnotatedArticle]:
    """All labelled articles of a ``.jsonl`` file.

    Raises:
        InputError: A line does not parse or breaks the format; names file, line and field.
    """
    from quotestance.jsonl import read_jsonl

    return [doc for _, doc in read_jsonl(path, AnnotatedArticle.from_dict)]


def write_records(path: str | Path, docs: Iterable[AnnotatedArticle]) -> None:
    """Write one record a line as they come, UTF-8 (ASCII escaped), replacing the file."""
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(doc.to_json() + "\n" for doc in docs)
