"""How good is the model, beside baselines and people, on every corpus at hand?

Run from a checkout::

    python benchmarks/quality.py [--corpora DIR] [--model PATH] [--quick [--update]]

``--quick`` takes the first rows of each corpus and fails where a figure is below its floor of
``benchmarks/floors.json``, which ``--update`` writes anew. ``wire-gold`` is a last check: it is
scored only when asked for by ``--wire-gold``, and nothing is tuned to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gate
from baselines import (
    Lexicon,
    Majority,
    NearestName,
    NotInstalledError,
    SameName,
    Textacy,
    with_stance,
)
from common import CORPORA, arguments, provenance, write_result
from rich.console import Console

from quotestance.evaluation import Scores
from quotestance.evaluation.evaluate import predict, score_rows
from quotestance.evaluation.formats import CORPORA as FORMATS
from quotestance.evaluation.formats import first_of_each
from quotestance.evaluation.report import table
from quotestance.evaluation.scoring import human_ceiling
from quotestance.records import AnnotatedArticle


@dataclass(frozen=True)
class Task:
    """One corpus.

    Args:
        name: Key in the result file.
        format: Name of its format.
        file: File under the folder of corpora.
        quick: Rows of a quick run.
        train: Training file for the majority class, where stance is scored.
        ceiling_files: Files whose articles with several annotators give the human ceiling.
    """

    name: str
    format: str
    file: str
    quick: int
    train: str | None = None
    ceiling_files: tuple[str, ...] = ()


TASKS = (
    Task("polnear-dev", "polnear", "polnear-dev.jsonl", 20,
         ceiling_files=("polnear-train.jsonl", "polnear-dev.jsonl")),
    Task("polnear-stance-dev", "quotestance", "polnear-stance-dev.jsonl", 6,
         train="polnear-stance-train.jsonl"),
    Task("newsmtsc-dev", "newsmtsc", "newsmtsc-dev.jsonl", 200, train="newsmtsc-train.jsonl"),
    Task("dse-dev", "dse", "dse-dev.jsonl", 400, train="dse-train.jsonl"),
    Task("gap-dev", "gap", "gap-dev.jsonl", 100),
    Task("gum-dev", "gum", "gum-coref-dev.jsonl", 4),
)  # fmt: skip
#: Figures that a quick run compares with their floors, by corpus.
CHECKED = {
    "polnear-dev": ("content_token_f1", "exact_f1", "relation_f1", "quoted_relation_f1"),
    "polnear-stance-dev": ("speaker_right", "target_match", "macro_f1"),
    "newsmtsc-dev": ("macro_f1",),
    "dse-dev": ("macro_f1", "directed_pairs_macro_f1"),
    "gap-dev": ("gap_f1",),
    "gum-dev": ("conll_f1",),
}
WIRE = Task("wire-gold", "quotestance", "wire-gold.jsonl", 8)


def run(task: Task, corpora: Path, nlp: Any, *, quick: bool = False) -> dict[str, Any]:
    """Figures of the model and every baseline on one corpus, and how far people agree."""
    corpus = FORMATS[task.format]
    gold = first_of_each(corpus.read(corpora / task.file))[: task.quick if quick else None]
    notes: list[str] = []
    systems: dict[str, Scores] = {}
    found = predict(corpus, gold, nlp)
    systems["quotestance"] = score_rows(corpus, gold, found, stances=_ask(nlp))
    for name, scored in _baselines(task, corpora, gold, found, notes):
        systems[name] = scored
    ceiling = None
    if task.ceiling_files:
        rows = [row for file in task.ceiling_files for row in corpus.read(corpora / file)]
        annotated = [row for row in rows if isinstance(row, AnnotatedArticle)]
        ceiling = human_ceiling(annotated, attributions=corpus.attributions)
    Console().print(table(systems, title=f"{task.name}: {len(gold)} rows", ceiling=ceiling))
    return {
        "format": task.format,
        "n": len(gold),
        "systems": {name: scores.to_dict() for name, scores in systems.items()},
        "risk_coverage": systems["quotestance"].curves,
        "two_people": ceiling.to_dict() if ceiling else None,
        "notes": notes,
    }


def _baselines(
    task: Task,
    corpora: Path,
    gold: Sequence[Any],
    found: Sequence[AnnotatedArticle],
    notes: list[str],
) -> list[tuple[str, Scores]]:
    corpus = FORMATS[task.format]
    out = []
    makers: list[Callable[[], Any]] = []
    if corpus.kind == "quotes":
        makers = [NearestName, Textacy]
    elif corpus.kind == "coreference":
        makers = [SameName]
    elif corpus.kind == "sentences":
        makers = [Lexicon]
        if task.train:
            makers.append(lambda: Majority.of(corpora / str(task.train)))
    for make in makers:
        try:
            system = make()
        except NotInstalledError as error:
            notes.append(error.message)
            continue
        out.append((system.name, score_rows(corpus, gold, predict(corpus, gold, system))))
        if failed := getattr(system, "failed", 0):
            notes.append(f"{system.name} raised on {failed} of {len(gold)} articles: empty there")
    if corpus.kind == "quotes" and task.train:
        for stance in (Lexicon(), Majority.of(corpora / task.train)):
            scored = score_rows(corpus, gold, with_stance(found, stance))
            out.append((f"our quotes, {stance.name}", scored))
    return out


def reached(corpora: Mapping[str, Any]) -> gate.Figures:
    """The figures of ours that have floors, of the corpora that were scored."""
    return {
        name: {
            key: round(ours[key]["value"], 1)
            for key in CHECKED[name]
            if ours[key]["value"] is not None  # a sample may hold no case of a figure
        }
        for name, found in corpora.items()
        if name in CHECKED
        for ours in [found["systems"]["quotestance"]]
    }


def _ask(nlp: Any) -> Any:
    return lambda triples: nlp.stances(
        [(text, (t.start, t.end), h and (h.start, h.end)) for text, t, h in triples]
    )


def main() -> None:
    """Score everything and write the result."""
    parser = arguments(__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder of the corpora")
    parser.add_argument("--wire-gold", action="store_true", help="score the last check too")
    parser.add_argument("--update", action="store_true", help="write the floors of --quick")
    parser.add_argument("--only", nargs="*", choices=[t.name for t in TASKS], help="these corpora")
    args = parser.parse_args()
    import quotestance as qs

    nlp = qs.load(args.model)
    tasks = [task for task in TASKS if not args.only or task.name in args.only]
    tasks += [WIRE] if args.wire_gold else []
    present = [task for task in tasks if (args.corpora / task.file).is_file()]
    for task in tasks:
        if task not in present:
            print(f"{task.name}: no {args.corpora / task.file}, left out")
    result: dict[str, Any] = {"quick": args.quick}
    result["corpora"] = {t.name: run(t, args.corpora, nlp, quick=args.quick) for t in present}
    data = [args.corpora / task.file for task in present]
    result["provenance"] = provenance(data, model=args.model, seeds={"bootstrap": 20180501})
    write_result("quality-quick" if args.quick else "quality", result, args.output)
    if args.quick and not args.only:
        gate.check("dev", reached(result["corpora"]), update=args.update)


if __name__ == "__main__":
    main()
