"""The labels of a quote as choices and lines of text boxes, written and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quotestance.interop.exchange import ROLES, choices_of, set_spans, spans_of
from quotestance.quotes import SPEAKER_TYPES, Quote


def shown(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the task shows of a quote beside its spans, in the form in which it comes back."""
    answers = choices_of(data)
    if data.get("speakers"):
        answers["speakers"] = [_entry(speaker) for speaker in data["speakers"]]
    if data.get("via"):
        answers["via"] = list(data["via"])
    if data.get("target") is not None:
        answers["target"] = data["target"]
    return answers


def _entry(speaker: Mapping[str, Any]) -> str:
    name, type_ = speaker.get("name"), speaker.get("type", "unknown")
    return f"| {type_}" if name is None else f"{name} | {type_}"


def _speaker(entry: str) -> dict[str, Any]:
    name, bar, type_ = entry.rpartition("| ")
    if not bar or type_.strip() not in SPEAKER_TYPES or (name and not name.endswith(" ")):
        return {"name": entry, "type": "unknown"}
    return {"name": name[:-1] if name else None, "type": type_.strip()}


def shown_before(carried: Mapping[str, Any]) -> dict[str, Any]:
    """What the task showed of a carried quote when it was written."""
    if not carried:
        return {}
    quote = Quote.from_dict(carried)
    before = shown(carried)
    for role in ROLES:
        pairs = sorted({(span.start, span.end) for span in spans_of(quote, role)})
        set_spans(before, role, [list(pair) for pair in pairs])
    return before


def speakers_of(entries: Sequence[str], carried: Sequence[Any]) -> list[dict[str, Any]]:
    """The speakers as they stand now; what was known of those that stayed is kept."""
    known = {_entry(speaker): speaker for speaker in carried}
    return [known.get(entry) or _speaker(entry) for entry in entries]
