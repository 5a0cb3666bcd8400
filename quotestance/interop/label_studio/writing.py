"""Tasks with pre-annotations out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quotestance.errors import InputError
from quotestance.interop.exchange import CHOICES, ROLES, envelope, forbid, refuse_span, spans_of
from quotestance.interop.label_studio.answers import shown
from quotestance.interop.label_studio.config import LABELS, NAME, NO_QUOTE
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


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
    forbid(doc, _FORBIDDEN, NAME, "its databases do not store it")
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
    data = {"id": doc.id, "title": doc.title, "outlet": doc.outlet, "date": doc.date}
    return {
        "data": {"text": doc.text, **data, "quotestance": envelope(doc) | {"quotes": carried}},
        "predictions": [{"model_version": version, "result": results}],
    }


def _regions(doc: AnnotatedArticle, quote: Quote, prefix: str) -> list[dict[str, Any]]:
    out = []
    for role in ROLES:
        for i, span in enumerate(sorted(spans_of(quote, role))):
            if not len(span):
                raise refuse_span(doc, quote, role, span, NAME, "a region holds a character")
            value = {"start": span.start, "end": span.end, "text": span.text,
                     "labels": [LABELS[role]]}  # fmt: skip
            out.append({"id": f"{prefix}-{role}-{i}", "from_name": "role", "to_name": "text",
                        "type": "labels", "value": value})  # fmt: skip
    if not quote.content:
        raise InputError(
            f"article {doc.id!r}, quote {quote.id!r}: {NAME} cannot hold a quote without content",
            field="content",
            hint="drop the quote, or mark its words",
        )
    return out


def _answers(head: Mapping[str, Any], data: Mapping[str, Any]) -> list[dict[str, Any]]:
    place = {key: head["value"][key] for key in ("start", "end")}
    shared = {"id": head["id"], "to_name": "text"}
    out: list[dict[str, Any]] = []
    for key, value in shown(data).items():
        if key in CHOICES or key == "is_quote":
            chosen = NO_QUOTE if key == "is_quote" else value
            answer = {"type": "choices", "value": {**place, "choices": [chosen]}}
        else:
            lines = value if isinstance(value, list) else [value]
            answer = {"type": "textarea", "value": {**place, "text": lines}}
        out.append({**shared, "from_name": key, **answer})
    return out
