"""Sentence corpora: NewsMTSC, DSE and CrossNER (one JSON object a line)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quotestance import fields
from quotestance.evaluation.corpora.examples import EntitySentence, TargetedSentence, span_of
from quotestance.jsonl import read_jsonl

LABELS = {-1: "critical", 0: "neutral", 1: "supportive"}


def read_newsmtsc(path: str | Path) -> list[TargetedSentence]:
    """Sentences of NewsMTSC: the writer's tone toward a span.

    Args:
        path: JSON lines with ``id``, ``text``, ``target`` ``[start, end]`` and ``label`` -1, 0, 1.

    Raises:
        InputError: A line breaks the format; names file, line and field.

    Source:
        Hamborg and Donnay, EACL 2021.
    """
    return [row for _, row in read_jsonl(path, _newsmtsc)]


def read_dse(path: str | Path) -> list[TargetedSentence]:
    """Sentences of DSE: the tone of one entity toward another, each pair in both directions.

    Args:
        path: JSON lines with ``id``, ``text``, ``source``, ``target``, ``label`` -1, 0, 1. The id
            ends in ``-pq`` or ``-qp``; what stands before it names the pair.

    Raises:
        InputError: A line breaks the format; names file, line and field.

    Source:
        Park, Pan and Joo, ACL-IJCNLP 2021.
    """
    return [row for _, row in read_jsonl(path, _dse)]


def read_crossner(path: str | Path) -> list[EntitySentence]:
    """Sentences of CrossNER with their named entities.

    Args:
        path: JSON lines with ``id``, ``text``, ``entities``: a list of ``{"span", "type"}``.

    Raises:
        InputError: A line breaks the format; names file, line and field.

    Source:
        Liu et al., AAAI 2021.
    """
    return [row for _, row in read_jsonl(path, _crossner)]


def _label(data: Mapping[str, Any]) -> str:
    value = data.get("label")
    if isinstance(value, bool) or not isinstance(value, int) or value not in LABELS:
        raise fields.fault("-1, 0 or 1", value, "label")
    return LABELS[value]


def _newsmtsc(value: object) -> TargetedSentence:
    data = fields.mapping(value, "")
    text = fields.required_text(data, "text", "")
    name = fields.required_text(data, "id", "")
    return TargetedSentence(name, text, span_of(data, "target", "", text), None, _label(data))


def _dse(value: object) -> TargetedSentence:
    data = fields.mapping(value, "")
    text = fields.required_text(data, "text", "")
    name = fields.required_text(data, "id", "")
    pair, dash, direction = name.rpartition("-")
    if not dash or direction not in ("pq", "qp"):
        raise fields.fault("an id that ends in -pq or -qp", name, "id")
    return TargetedSentence(
        id=name,
        text=text,
        target=span_of(data, "target", "", text),
        holder=span_of(data, "source", "", text),
        label=_label(data),
        pair=pair,
    )


def _crossner(value: object) -> EntitySentence:
    data = fields.mapping(value, "")
    text = fields.required_text(data, "text", "")
    entities = []
    for i, item in enumerate(fields.items(data, "entities", "")):
        where = f"entities[{i}]"
        entity = fields.mapping(item, where)
        kind = fields.required_text(entity, "type", where)
        entities.append((span_of(entity, "span", where, text), kind))
    return EntitySentence(fields.required_text(data, "id", ""), text, tuple(entities))
