"""Corpora and users' labelled articles as sources of training examples."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from quotestance.evaluation import corpora
from quotestance.evaluation.corpora import TargetedSentence
from quotestance.network.labels import STANCES
from quotestance.network.marking import MarkedText, around, mark_text
from quotestance.records import AnnotatedArticle, read_records
from quotestance.stages.assembly import sentence_bounds
from quotestance.training.coreference_examples import gap_texts, gum_texts, speaker_texts
from quotestance.training.headlines import HeadlineWriter, as_sentence
from quotestance.training.labelled import without_stance
from quotestance.training.mixture import PairSource, QuoteSource, Replay, Writer
from quotestance.training.nested import NestedWriter, find_reports, swap_marks
from quotestance.training.pair_examples import stance_texts
from quotestance.training.quote_examples import LabelledText, label_text, reporting_words
from quotestance.windows import WordPieces

CORPORA = ("polnear", "polnear-stance", "newsmtsc", "dse", "gap", "gum")
_UNDIRECTED = 6000
# Sentences to make nested quotes from; with fewer the same ones would come back all the time.
_FEWEST_REPORTS = 20
# Made articles for each real one, and the share of these seen in another style.
_NESTED = 0.12
_HEADLINES = 0.15
_RESTYLED = 0.4


def quote_source(
    docs: Sequence[AnnotatedArticle],
    encoder: WordPieces,
    seed: int,
    *,
    nested: bool = True,
    headlines: bool = False,
) -> QuoteSource:
    """Windows of labelled articles, with made nested quotes and headlines where asked for.

    Records of polnear form (no speakers labelled) do not say which quotes stand inside others;
    nor do those of a file in which no quote has ``inside``.
    """
    reporting = reporting_words(docs) | {"said", "says", "say"}

    def label(doc: AnnotatedArticle) -> LabelledText:
        known = any(quote.inside is not None for quote in doc.quotes)
        return label_text(doc, encoder, reporting, nested_known=known)

    variants = []
    for doc in docs:
        texts = [doc.text, swap_marks(doc.text), *([as_sentence(doc.text)] if headlines else [])]
        styled = [dataclasses.replace(doc, text=text) for text in dict.fromkeys(texts)]
        variants.append([label(style) for style in styled])
    writers: list[tuple[Writer, float]] = []
    if nested:
        writers.append((NestedWriter(docs, seed), _NESTED))
    if headlines and (writer := HeadlineWriter(docs, seed)):
        writers.append((writer, _HEADLINES))
    return QuoteSource(variants, label, writers, _RESTYLED if headlines else 0.25)


def targeted_texts(rows: Iterable[TargetedSentence], encoder: WordPieces) -> list[MarkedText]:
    """Sentences of NewsMTSC and DSE with target and holder marked."""
    out = []
    for row in rows:
        encoded = encoder.encode(row.text)
        target = encoded.covering(*row.target)
        holder = encoded.covering(*row.holder) if row.holder else None
        if target is None:
            continue
        bounds = np.array([[0, len(encoded)]])
        low, high = around(encoded, [target, *([holder] if holder else [])], bounds, 200)
        label = STANCES.index(row.label)
        out.append(mark_text(encoded, low, high, [target], [holder] if holder else [], (), label))
    return out


def dse_groups(
    rows: Sequence[TargetedSentence], seed: int
) -> tuple[list[TargetedSentence], list[TargetedSentence]]:
    """Pairs with a tone in at least one direction, and a sample of those with none."""
    toned = {row.pair for row in rows if row.label != "neutral"}
    directed = [row for row in rows if row.pair in toned]
    rest = [row for row in rows if row.pair not in toned]
    return directed, random.Random(seed).sample(rest, min(_UNDIRECTED, len(rest)))


def quote_stances(docs: Iterable[AnnotatedArticle], encoder: WordPieces) -> list[MarkedText]:
    """Quotes of labelled articles that have a stance."""
    out = []
    for doc in docs:
        encoded = encoder.encode(doc.text)
        out += stance_texts(doc, encoder, sentence_bounds(encoded, doc.text))
    return out


def merge_labels(
    plain: Sequence[AnnotatedArticle], labelled: Sequence[AnnotatedArticle]
) -> list[AnnotatedArticle]:
    """The articles of ``plain``, those that ``labelled`` holds too in the richer form."""
    rich = {doc.id: doc for doc in labelled}
    return [rich.pop(doc.id, doc) for doc in plain] + list(rich.values())


def corpus_sources(
    folder: Path, encoder: WordPieces, seed: int, exclude: Sequence[str] = ()
) -> dict[str, QuoteSource | PairSource]:
    """Sources of every task from the train files of ``shared/corpora``.

    Args:
        folder: Where the corpora lie.
        encoder: Tokenizer of the network.
        seed: Seed of samples and of made examples.
        exclude: Names of ``CORPORA`` to leave out.
    """

    def wanted(name: str) -> bool:
        return name not in exclude

    labelled = (
        read_records(folder / "polnear-stance-train.jsonl") if wanted("polnear-stance") else []
    )
    plain = corpora.read_polnear(folder / "polnear-train.jsonl") if wanted("polnear") else []
    sources: dict[str, QuoteSource | PairSource] = {}
    docs = merge_labels(plain, labelled)
    if docs:
        sources["quotes"] = quote_source(docs, encoder, seed, headlines=True)
    stance: list[tuple[list[MarkedText], float]] = [(quote_stances(labelled, encoder), 1.5)]
    if wanted("newsmtsc"):
        rows = corpora.read_newsmtsc(folder / "newsmtsc-train.jsonl")
        stance.append((targeted_texts(rows, encoder), 0.5))
    if wanted("dse"):
        directed, rest = dse_groups(corpora.read_dse(folder / "dse-train.jsonl"), seed)
        stance += [(targeted_texts(directed, encoder), 0.5), (targeted_texts(rest, encoder), 0.25)]
    sources["stance"] = PairSource(stance)
    linked = [(speaker_texts(labelled, encoder), 1.0)]
    if wanted("gap"):
        gap = corpora.read_gap(folder / "gap-train.jsonl")
        linked.append((gap_texts(gap, encoder, seed), 0.5))
    if wanted("gum"):
        docs_gum = corpora.read_gum(folder / "gum-coref-train.jsonl")
        linked.append((gum_texts(docs_gum, encoder, seed), 0.35))
    sources["antecedents"] = PairSource(linked)
    return sources


def record_sources(
    docs: Sequence[AnnotatedArticle],
    tasks: Sequence[str],
    encoder: WordPieces,
    seed: int,
    *,
    nested: bool = True,
    replay: Sequence[AnnotatedArticle] = (),
    replay_ratio: float = 1.0,
) -> dict[str, QuoteSource | PairSource | Replay]:
    """Sources of the chosen tasks from labelled articles.

    Args:
        docs: Labelled articles; what they lack labels for trains nothing.
        tasks: Some of ``quotes``, ``attribution``, ``speakers``, ``stance``.
        encoder: Tokenizer of the network.
        seed: Seed of made examples.
        nested: Whether to make examples of a quote in a quote, where there is enough to make
            them from.
        replay: Older labelled articles to mix in.
        replay_ratio: Replayed examples for each new one.
    """
    new = _task_sources(docs, tasks, encoder, seed, nested)
    if not replay:
        return dict(new)
    old = _task_sources(replay, tasks, encoder, seed + 1, nested=False)
    return {
        task: Replay(source, old[task], replay_ratio) if task in old else source
        for task, source in new.items()
    }


def _task_sources(
    docs: Sequence[AnnotatedArticle],
    tasks: Sequence[str],
    encoder: WordPieces,
    seed: int,
    nested: bool,
) -> dict[str, QuoteSource | PairSource]:
    docs = list(docs) if "stance" in tasks else without_stance(docs)
    sources: dict[str, QuoteSource | PairSource] = {}
    if {"quotes", "attribution", "stance"} & set(tasks):
        made = nested and "quotes" in tasks and len(find_reports(docs)) >= _FEWEST_REPORTS
        sources["quotes"] = quote_source(docs, encoder, seed, nested=made)
    for name, examples in (
        ("stance", quote_stances(docs, encoder) if "stance" in tasks else []),
        ("antecedents", speaker_texts(docs, encoder) if "speakers" in tasks else []),
    ):
        if examples:
            sources[name] = PairSource([(examples, 1.0)])
    return sources
