"""Coreference corpora: GAP and GUM (one JSON object a line)."""

from __future__ import annotations

from pathlib import Path

from quotestance import fields
from quotestance.evaluation.corpora.examples import (
    CorefDocument,
    CorefMention,
    GapExample,
    span_of,
)
from quotestance.jsonl import read_jsonl


def read_gap(path: str | Path) -> list[GapExample]:
    """Snippets of GAP: a pronoun and two names, with whether it refers to each.

    Args:
        path: JSON lines with ``id``, ``text``, ``pronoun``, ``gender`` (``M`` or ``F``) and
            ``candidates``: a list of ``{"span", "label": true or false}``.

    Raises:
        InputError: A line breaks the format; names file, line and field.

    Source:
        Webster et al., TACL 2018.
    """
    return [row for _, row in read_jsonl(path, _gap)]


def read_gum(path: str | Path) -> list[CorefDocument]:
    """Documents of GUM with their mentions, in text order.

    Args:
        path: JSON lines with ``id``, ``text``, ``mentions``: a list of ``{"span", "cluster",
            "entity_type", "infstat", "wiki"}``, the last two optional.

    Raises:
        InputError: A line breaks the format; names file, line and field.

    Source:
        Zeldes, Language Resources and Evaluation 2017.
    """
    return [row for _, row in read_jsonl(path, _gum)]


def _gap(value: object) -> GapExample:
    data = fields.mapping(value, "")
    text = fields.required_text(data, "text", "")
    gender = fields.choice(data, "gender", ("M", "F"), "")
    if gender is None:
        raise fields.fault("M or F", None, "gender")
    candidates = []
    for i, item in enumerate(fields.items(data, "candidates", "")):
        where = f"candidates[{i}]"
        candidate = fields.mapping(item, where)
        if not isinstance(candidate.get("label"), bool):
            raise fields.fault("true or false", candidate.get("label"), f"{where}.label")
        candidates.append((span_of(candidate, "span", where, text), candidate["label"]))
    if not candidates:
        raise fields.fault("at least one candidate", data.get("candidates"), "candidates")
    name = fields.required_text(data, "id", "")
    return GapExample(name, text, span_of(data, "pronoun", "", text), gender, tuple(candidates))


def _gum(value: object) -> CorefDocument:
    data = fields.mapping(value, "")
    text = fields.required_text(data, "text", "")
    mentions = []
    for i, item in enumerate(fields.items(data, "mentions", "")):
        where = f"mentions[{i}]"
        mention = fields.mapping(item, where)
        cluster = mention.get("cluster")
        if isinstance(cluster, bool) or not isinstance(cluster, int):
            raise fields.fault("a whole number", cluster, f"{where}.cluster")
        mentions.append(
            CorefMention(
                span=span_of(mention, "span", where, text),
                cluster=cluster,
                entity_type=fields.required_text(mention, "entity_type", where),
                infstat=fields.text_or_none(mention, "infstat", where),
                wiki=fields.text_or_none(mention, "wiki", where),
            )
        )
    mentions.sort(key=lambda mention: mention.span)
    return CorefDocument(fields.required_text(data, "id", ""), text, tuple(mentions))
