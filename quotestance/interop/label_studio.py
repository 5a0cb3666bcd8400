r"""Label Studio: tasks with pre-annotations out, exports in.

A piece of a role is a region (``Content``, ``Cue``, ``Source``, ``Target``). The first piece of
the content is the head of its quote; unlabelled relations join it with the other pieces. Labels
of the quote are choices and text boxes of the head. The whole record travels under
``data.quotestance`` and gives back what Label Studio has no place for.

Offsets are code points: Label Studio has counted them so since 2022 (label-studio-frontend #308;
its own test "Should calculate offsets by code points in text"), and ``\r\n`` as two. Exports of
older versions count UTF-16 units; they are told by the words that each region carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from quotestance import fields
from quotestance.errors import InputError
from quotestance.interop.exchange import (
    CHOICES,
    ROLES,
    choices_of,
    envelope,
    forbid,
    in_order,
    merge,
    rebuild,
    refuse_span,
    set_spans,
    spans_of,
)
from quotestance.quotes import (
    KINDS,
    MODES,
    POLARITIES,
    SPEAKER_TYPES,
    STANCES,
    TARGET_TYPES,
    Quote,
)
from quotestance.records import AnnotatedArticle

_NAME = "Label Studio"
_LABELS = {"content": "Content", "cue": "Cue", "source": "Source", "target_span": "Target"}
_ROLE = {label: role for role, label in _LABELS.items()}
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_NO_QUOTE = "no quote"
_SPACE = re.compile(r"(?:\s|\\n)+")


def _choices(name: str, values: Iterable[str]) -> str:
    options = "".join(f'<Choice value="{value}"/>' for value in values)
    return (
        f'    <Header value="{name.replace("_", " ")}" size="6"/>\n'
        f'    <Choices name="{name}" toName="text" perRegion="true" '
        f'choice="single-radio" showInline="true">{options}</Choices>\n'
    )


def _box(name: str, hint: str) -> str:
    return (
        f'    <Header value="{name}" size="6"/>\n'
        f'    <TextArea name="{name}" toName="text" perRegion="true" editable="true" rows="1" '
        f'placeholder="{hint}"/>\n'
    )


LABELLING_CONFIG = (
    "<View>\n"
    "  <Style>.htx-text, .lsf-richtext__line { white-space: pre-wrap; }</Style>\n"
    '  <Labels name="role" toName="text" showInline="true">\n'
    '    <Label value="Content" background="#2f6fab"/>\n'
    '    <Label value="Cue" background="#8a5a00"/>\n'
    '    <Label value="Source" background="#3b7a3b"/>\n'
    '    <Label value="Target" background="#9b3b6a"/>\n'
    "  </Labels>\n"
    '  <Text name="text" value="$text" granularity="symbol" saveTextResult="yes"/>\n'
    '  <View visibleWhen="region-selected" whenTagName="role" whenLabelValue="Content">\n'
    + _choices("kind", KINDS)
    + _choices("polarity", POLARITIES)
    + _choices("mode", MODES)
    + _choices("stance", STANCES)
    + _box("speakers", "Name | type, one entry a speaker")
    + _box("via", "channel, nearest to the speaker first")
    + _box("target", "toward what")
    + _choices("target_type", TARGET_TYPES)
    + _choices("is_quote", (_NO_QUOTE,))
    + "  </View>\n</View>\n"
)


def to_label_studio(docs: Iterable[AnnotatedArticle]) -> list[dict[str, Any]]:
    """Tasks with the quotes as pre-annotations, for Label Studio's import of JSON.

    Args:
        docs: Predictions or labelled articles.

    Raises:
        InputError: A text holds NUL or a lone surrogate, which Label Studio's databases do not
            store, or a span is empty, which no region can be.
    """
    return [_task(doc) for doc in docs]


def _task(doc: AnnotatedArticle) -> dict[str, Any]:
    forbid(doc, _FORBIDDEN, _NAME, "its databases do not store it")
    results: list[dict[str, Any]] = []
    carried: dict[str, Any] = {}
    for number, quote in enumerate(doc.quotes, 1):
        regions = _regions(doc, quote, f"q{number}")
        results += regions
        data = quote.to_dict()
        head = regions[0]
        carried[head["id"]] = data
        results += _answers(head, data)
        results += [
            {"type": "relation", "from_id": head["id"], "to_id": other["id"],
             "direction": "right", "labels": []}
            for other in regions[1:]
        ]  # fmt: skip
    version = "{name} {version}".format(**doc.model) if doc.model else "labels"
    shown = {"id": doc.id, "title": doc.title, "outlet": doc.outlet, "date": doc.date}
    return {
        "data": {"text": doc.text, **shown, "quotestance": envelope(doc) | {"quotes": carried}},
        "predictions": [{"model_version": version, "result": results}],
    }


def _regions(doc: AnnotatedArticle, quote: Quote, prefix: str) -> list[dict[str, Any]]:
    out = []
    for role in ROLES:
        for i, span in enumerate(sorted(spans_of(quote, role))):
            if not len(span):
                raise refuse_span(doc, quote, role, span, _NAME, "a region holds a character")
            value = {"start": span.start, "end": span.end, "text": span.text,
                     "labels": [_LABELS[role]]}  # fmt: skip
            out.append({"id": f"{prefix}-{role}-{i}", "from_name": "role", "to_name": "text",
                        "type": "labels", "value": value})  # fmt: skip
    if not quote.content:
        raise InputError(
            f"article {doc.id!r}, quote {quote.id!r}: {_NAME} cannot hold a quote without content",
            field="content",
            hint="drop the quote, or mark its words",
        )
    return out


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the task shows of a quote beside its spans, in the form in which it comes back."""
    shown = choices_of(data)
    if data.get("speakers"):
        shown["speakers"] = [_entry(speaker) for speaker in data["speakers"]]
    if data.get("via"):
        shown["via"] = list(data["via"])
    if data.get("target") is not None:
        shown["target"] = data["target"]
    return shown


def _entry(speaker: Mapping[str, Any]) -> str:
    name, type_ = speaker.get("name"), speaker.get("type", "unknown")
    return f"| {type_}" if name is None else f"{name} | {type_}"


def _speaker(entry: str) -> dict[str, Any]:
    name, bar, type_ = entry.rpartition("| ")
    if not bar or type_.strip() not in SPEAKER_TYPES or (name and not name.endswith(" ")):
        return {"name": entry, "type": "unknown"}
    return {"name": name[:-1] if name else None, "type": type_.strip()}


def _answers(head: Mapping[str, Any], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    place = {key: head["value"][key] for key in ("start", "end")}
    shared = {"id": head["id"], "to_name": "text"}
    out: list[dict[str, Any]] = []
    for key, value in _shown(data).items():
        if key in CHOICES or key == "is_quote":
            chosen = _NO_QUOTE if key == "is_quote" else value
            answer = {"type": "choices", "value": {**place, "choices": [chosen]}}
        else:
            lines = value if isinstance(value, list) else [value]
            answer = {"type": "textarea", "value": {**place, "text": lines}}
        out.append({**shared, "from_name": key, **answer})
    return out


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
            shown = _before(carried)
            merged = merge(carried, shown, now)
            if "speakers" in merged and shown.get("speakers") != now.get("speakers"):
                merged["speakers"] = _speakers(now["speakers"], carried.get("speakers") or [])
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


def _before(carried: Mapping[str, Any]) -> dict[str, Any]:
    """What the task showed of a carried quote when it was written."""
    if not carried:
        return {}
    quote = Quote.from_dict(carried)
    shown = _shown(carried)
    for role in ROLES:
        pairs = sorted({(span.start, span.end) for span in spans_of(quote, role)})
        set_spans(shown, role, [list(pair) for pair in pairs])
    return shown


def _speakers(entries: Sequence[str], carried: Sequence[Any]) -> list[dict[str, Any]]:
    """The speakers as they stand now; what was known of those that stayed is kept."""
    known = {_entry(speaker): speaker for speaker in carried}
    return [known.get(entry) or _speaker(entry) for entry in entries]


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
