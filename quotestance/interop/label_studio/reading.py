"""Exports in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from quotestance import fields
from quotestance.errors import InputError
from quotestance.interop.exchange import CHOICES, ROLES, in_order, merge, rebuild, set_spans
from quotestance.interop.label_studio.answers import shown_before, speakers_of
from quotestance.interop.label_studio.config import LABELS
from quotestance.records import AnnotatedArticle

_ROLE = {label: role for role, label in LABELS.items()}
_SPACE = re.compile(r"(?:\s|\\n)+")


def from_label_studio(
    tasks: Sequence[Mapping[str, Any]], annotator: int | str | None = None
) -> list[AnnotatedArticle]:
    """Records from Label Studio's JSON export (not JSON-MIN).

    A task without annotations gives its prediction; without either, an article without quotes.

    Args:
        tasks: The tasks of the export.
        annotator: Whose annotations to take, by ``completed_by`` (a number, or an e-mail address);
            needed where a task was labelled by several people.

    Raises:
        InputError: The export is of another form, a region does not fit its text, or several
            people labelled a task and none was named. Names the task and field.
    """
    if not isinstance(tasks, Sequence) or isinstance(tasks, str):
        hint = "export as JSON, not as JSON-MIN, CSV or a single task"
        raise fields.fault("a list of tasks", tasks, "tasks", hint)
    return [_Task(task, f"tasks[{i}]", annotator).record() for i, task in enumerate(tasks)]


class _Task:
    """One task of an export, read."""

    def __init__(self, task: Any, where: str, annotator: int | str | None) -> None:
        self.where = where
        task = fields.mapping(task, where)
        if "data" not in task:
            raise InputError(
                "expected a key 'data', found none",
                field=where,
                hint="export as JSON; JSON-MIN and CSV leave out the relations",
            )
        data = fields.mapping(task["data"], f"{where}.data")
        self.text = fields.required_text(data, "text", f"{where}.data")
        carried = fields.mapping(data.get("quotestance") or {}, f"{where}.data.quotestance")
        self.carried: dict[str, Any] = fields.mapping(
            carried.pop("quotes", {}), f"{where}.data.quotestance.quotes"
        )
        self.article = carried or {
            **{key: data.get(key) for key in ("title", "outlet", "date")},
            "id": str(data.get("id", task.get("id", ""))),
        }
        self.regions: dict[str, tuple[str, int, int]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.links: list[tuple[str, str]] = []
        place, results = _results(task, where, annotator)
        for i, result in enumerate(results):
            self._read(fields.mapping(result, f"{place}[{i}]"), f"{place}[{i}]")
        self._mend_units(results)

    def _read(self, result: Mapping[str, Any], where: str) -> None:
        kind = result.get("type")
        if kind == "relation":
            self.links.append((str(result.get("from_id")), str(result.get("to_id"))))
            return
        value = fields.mapping(result.get("value"), f"{where}.value")
        region = fields.required_text(result, "id", where)
        if kind == "labels":
            labels = fields.texts(value, "labels", f"{where}.value")
            if len(labels) != 1 or labels[0] not in _ROLE:
                expected = "one of " + ", ".join(_ROLE)
                raise fields.fault(expected, list(labels), f"{where}.value.labels")
            span = fields.pair([value.get("start"), value.get("end")], f"{where}.value")
            self.regions[region] = (_ROLE[labels[0]], *span)
        elif kind in ("choices", "textarea"):
            entries = fields.items(value, "choices" if kind == "choices" else "text", where)
            if entries:
                key = fields.required_text(result, "from_name", where)
                self.answers.setdefault(region, {})[key] = [str(entry) for entry in entries]

    def _mend_units(self, results: Sequence[Any]) -> None:
        """Turn UTF-16 units into code points where the words of the regions ask for it."""
        words = {r["id"]: r["value"].get("text") for r in results if r.get("type") == "labels"}
        known = {id_: text for id_, text in words.items() if isinstance(text, str)}
        wrong = [id_ for id_, text in known.items() if not _same(self._slice(id_), text)]
        if wrong:
            before = dict(self.regions)
            units = [0]
            for character in self.text:
                units.append(units[-1] + 1 + (ord(character) > 0xFFFF))
            places = {unit: place for place, unit in enumerate(units)}
            for id_, (role, start, end) in before.items():
                self.regions[id_] = (role, places.get(start, -1), places.get(end, -1))
            if not all(_same(self._slice(id_), text) for id_, text in known.items()):
                self._refuse(before[wrong[0]], known[wrong[0]])
        for region in self.regions.values():
            if not 0 <= region[1] <= region[2] <= len(self.text):
                self._refuse(region, None)

    def _refuse(self, region: tuple[str, int, int], words: str | None) -> None:
        role, start, end = region
        found = f"the {role} [{start}, {end}] of {self.text[start:end][:40]!r}"
        raise InputError(
            f"expected {'the words ' + repr(words[:40]) if words else 'a span of the text'}, "
            f"found {found}",
            field=f"{self.where}.data.text",
            hint="the text was changed after the task was labelled, or the region is broken",
        )

    def _slice(self, region: str) -> str:
        _, start, end = self.regions[region]
        return self.text[start:end] if start >= 0 else "\x00"

    def record(self) -> AnnotatedArticle:
        """The article with its quotes."""
        order = {region: i for i, region in enumerate(self.carried)}
        quotes = []
        for members in self._groups():
            heads = [m for m in members if m in self.carried]
            now = self._now(members)
            carried = self.carried[heads[0]] if heads else {}
            shown = shown_before(carried)
            merged = merge(carried, shown, now)
            if "speakers" in merged and shown.get("speakers") != now.get("speakers"):
                merged["speakers"] = speakers_of(now["speakers"], carried.get("speakers") or [])
            quotes.append((order[heads[0]] if heads else -1, merged))
        try:
            return rebuild(self.text, self.article, in_order(quotes))
        except InputError as error:
            raise InputError(
                error.reason, field=f"{self.where}.{error.field}", hint=error.hint
            ) from None

    def _now(self, members: Sequence[str]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for role in ROLES:
            pairs = sorted({self.regions[m][1:] for m in members if self.regions[m][0] == role})
            set_spans(shown, role, [list(pair) for pair in pairs])
        answers: dict[str, Any] = {}
        for member in members:
            answers = self.answers.get(member, {}) | answers
        for key, entries in answers.items():
            if key in ("speakers", "via"):
                shown[key] = entries
            elif key == "target":
                shown[key] = " ".join(entries)
            elif key == "is_quote":
                shown[key] = False
            elif key in CHOICES:
                shown[key] = entries[0]
        return shown

    def _groups(self) -> list[list[str]]:
        """The regions of each quote: contents that relations join, and what hangs on them."""
        contents = [id_ for id_, region in self.regions.items() if region[0] == "content"]
        root = {id_: id_ for id_ in contents}

        def find(id_: str) -> str:
            while root[id_] != id_:
                id_ = root[id_]
            return id_

        known = [(a, b) for a, b in self.links if a in self.regions and b in self.regions]
        for a, b in known:
            if a in root and b in root:
                root[find(b)] = find(a)
        groups: dict[str, list[str]] = {}
        for id_ in contents:
            groups.setdefault(find(id_), []).append(id_)
        for a, b in known:
            if (a in root) != (b in root):
                content, other = (a, b) if a in root else (b, a)
                if other not in groups[find(content)]:
                    groups[find(content)].append(other)
        return list(groups.values())


def _same(found: str, words: str) -> bool:
    """Whether a region holds its words; browsers and exports render white space their own way."""
    return _SPACE.sub("", found) == _SPACE.sub("", words)


def _results(
    task: Mapping[str, Any], where: str, annotator: int | str | None
) -> tuple[str, list[Any]]:
    """Field and list of the results to read."""
    done = [
        (f"{where}.annotations[{i}]", fields.mapping(a, f"{where}.annotations[{i}]"))
        for i, a in enumerate(fields.items(task, "annotations", where))
    ]
    done = [(field, a) for field, a in done if not a.get("was_cancelled")]
    if annotator is not None:
        done = [(field, a) for field, a in done if str(annotator) in _people(a)]
    elif len(done) > 1:
        people = ", ".join(sorted({_people(a)[-1] for _, a in done}))
        raise InputError(
            f"expected one annotation, found {len(done)} by {people}",
            field=f"{where}.annotations",
            hint="name the annotator, and convert each to a file of its own",
        )
    if not done and annotator is None:
        done = [
            (f"{where}.predictions[{i}]", fields.mapping(p, f"{where}.predictions[{i}]"))
            for i, p in enumerate(fields.items(task, "predictions", where)[:1])
        ]
    if not done:
        return where, []
    field, chosen = done[-1]
    return f"{field}.result", fields.items(chosen, "result", field)


def _people(annotation: Mapping[str, Any]) -> list[str]:
    who = annotation.get("completed_by")
    names = [who.get("id"), who.get("email")] if isinstance(who, dict) else [who]
    return [str(name) for name in names if name is not None] or ["unknown"]
