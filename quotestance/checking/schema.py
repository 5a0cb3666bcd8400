"""Keys, labels and types of one raw record: every fault of it, not just the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from quotestance.checking.faults import Fault, of_error, shown
from quotestance.errors import InputError
from quotestance.quotes import (
    KINDS,
    MODES,
    POLARITIES,
    SPEAKER_TYPES,
    STANCES,
    TARGET_TYPES,
    Entity,
    Quote,
)
from quotestance.records import Article

_INDEX = re.compile(r"\[\d+\]")
_ARTICLE = frozenset(
    {
        *("format", "id", "outlet", "date", "title", "text", "meta", "quotes"),
        *("entities", "model", "warnings", "corrected"),
    }
)
_QUOTE = frozenset(
    {
        *("id", "content", "cue", "source", "kind", "speakers", "via", "polarity", "mode"),
        *("stance", "target", "target_type", "target_span", "target_id", "inside", "is_quote"),
        *("confidence", "stance_probabilities", "stance_score"),
        *("stance_alternative", "target_aliases"),
    }
)
_SPEAKER = frozenset(
    {
        *("name", "type", "id", "role", "mention", "confidence", "aliases", "steps"),
    }
)
_ENTITY = frozenset({"id", "name", "type", "mentions"})
_LABELS: Mapping[str, Collection[str]] = {
    "kind": KINDS,
    "polarity": POLARITIES,
    "mode": MODES,
    "stance": STANCES,
    "target_type": TARGET_TYPES,
}


class Schema:
    """Collects the faults of one record and the quotes that could be read.

    ``own_keys`` holds unknown keys that resemble no known one, by level and key, with the field
    where each stands first: data that somebody meant to add, told once a file.
    """

    def __init__(self, file: str, line: int, data: Mapping[str, Any]) -> None:
        self.file, self.line = file, line
        self.faults: list[Fault] = []
        self.quotes: dict[int, Quote] = {}
        self.own_keys: dict[tuple[str, str], str] = {}
        self._keys(data, _ARTICLE, "")
        self._article(data)
        for i, quote in enumerate(self._items(data, "quotes")):
            self._quote(quote, i)
        for i, entity in enumerate(self._items(data, "entities")):
            self._entity(entity, f"entities[{i}]")
        self.faults += self._links()

    def add(self, kind: str, field: str, expected: str, found: str, hint: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(self.file, self.line, kind, field, expected, found, hint))

    def _items(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key)
        if value is not None and not isinstance(value, list):
            self.add("format", key, "a list", type(value).__name__, f"write {key} as a list")
        return value if isinstance(value, list) else []

    def _keys(self, data: Mapping[str, Any], known: Collection[str], where: str) -> None:
        for key in data:
            if key in known:
                continue
            field = f"{where}.{key}" if where else key
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
            if near:
                hint = f"write {near[0]!r}?"
                self.add("unknown-key", field, "a key of the format", shown(key), hint)
            else:
                self.own_keys.setdefault((_INDEX.sub("[]", where), key), field)

    def _article(self, data: Mapping[str, Any]) -> None:
        try:
            Article(
                text=data.get("text"),  # type: ignore[arg-type]
                date=data.get("date"),
            )
        except InputError as error:
            self.faults.append(of_error(self.file, self.line, error))
        if not isinstance(data.get("id"), str) or not data["id"]:
            hint = "give every article an id of its own"
            self.add("format", "id", "a string that is not empty", shown(str(data.get("id"))), hint)
        if "quotes" not in data:
            hint = 'an article in which nobody is quoted has "quotes": []'
            self.add("format", "quotes", "a list of labelled quotes", "no such key", hint)
        if data.get("text") == "":
            self.add("format", "text", "the text of an article", "''", "drop the line")

    def _labels(self, data: dict[str, Any], where: str, labels: Mapping[str, Any]) -> None:
        for key, allowed in labels.items():
            value = data.get(key)
            if value is None or value in allowed:
                continue
            near = difflib.get_close_matches(str(value).lower(), allowed, n=1, cutoff=0.7)
            hint = f"write {near[0]!r}?" if near else "leave the key out where it is not labelled"
            expected = "one of " + ", ".join(allowed)
            self.add("unknown-label", f"{where}.{key}", expected, shown(str(value)), hint)
            del data[key]

    def _quote(self, value: Any, index: int) -> None:
        where = f"quotes[{index}]"
        if not isinstance(value, dict):
            self.add("format", where, "a JSON object", shown(str(value)), "see docs/labelling.md")
            return
        data = dict(value)
        self._keys(data, _QUOTE, where)
        self._labels(data, where, _LABELS)
        speakers = data.get("speakers")
        if isinstance(speakers, list):
            data["speakers"] = [self._speaker(s, f"{where}.speakers[{j}]")
                                for j, s in enumerate(speakers)]  # fmt: skip
        try:
            quote = Quote.from_dict(data, where)
        except InputError as error:
            self.faults.append(of_error(self.file, self.line, error, where))
            return
        if not quote.content:
            hint = "mark the words of the quote, or drop it"
            self.add("format", f"{where}.content", "at least one span", "none", hint)
        self.quotes[index] = quote

    def _speaker(self, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            return value  # Quote.from_dict names the fault
        data = dict(value)
        self._keys(data, _SPEAKER, where)
        self._labels(data, where, {"type": SPEAKER_TYPES})
        return data

    def _entity(self, value: Any, where: str) -> None:
        if isinstance(value, dict):
            self._keys(value, _ENTITY, where)
        try:
            Entity.from_dict(value, where)
        except InputError as error:
            self.faults.append(of_error(self.file, self.line, error, where))

    def _links(self) -> Iterator[Fault]:
        seen: dict[str, int] = {}
        for i, quote in self.quotes.items():
            if quote.id in seen:
                first = f"{quote.id!r}, as in quotes[{seen[quote.id]}]"
                yield Fault(self.file, self.line, "repeated-id", f"quotes[{i}].id",
                            "an id of its own", first, "number the quotes anew")  # fmt: skip
            seen.setdefault(quote.id, i)
        for i, quote in self.quotes.items():
            if quote.inside is not None and (quote.inside not in seen or quote.inside == quote.id):
                yield Fault(self.file, self.line, "unknown-label", f"quotes[{i}].inside",
                            "the id of another quote of the article", shown(quote.inside),
                            "name the quote that encloses this one, or null")  # fmt: skip
