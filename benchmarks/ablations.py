"""What each part brings: the shipped model with one part taken out at a time, on dev files.

Run from a checkout::

    python benchmarks/ablations.py [--corpora DIR] [--model PATH] [--quick] [--variants FOLDER...]

Parts of the decoder and of the input are taken out of the trained network as it is; the network
was not trained again without them, so an input feature's row also shows how much the network had
come to rely on it. ``--variants`` scores further checkpoints, trained with other data or settings,
under the same measures.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch
from common import CORPORA, arguments, provenance, write_result

from quotestance.evaluation import corpora
from quotestance.evaluation.bootstrap import Scores
from quotestance.evaluation.scoring import score_quotes
from quotestance.network.checkpoint import find_folder, load_checkpoint
from quotestance.network.runtime import Network
from quotestance.records import AnnotatedArticle, read_records
from quotestance.stages import linking
from quotestance.stages import quotes as span_stage
from quotestance.training.calibration import QuoteDev

SPAN_FIGURES = ("content_token_f1", "source_token_f1", "exact_f1", "relation_f1",
                "quoted_relation_f1")  # fmt: skip
STANCE_FIGURES = ("macro_f1", "accuracy", "target_match")


@contextmanager
def without_feature(network: Network, name: str) -> Iterator[Network]:
    """The network with one table of input features set to zero."""
    other = copy.deepcopy(network.model)
    with torch.no_grad():
        getattr(other.features, name).weight.zero_()
    yield Network(other, network.encoder, network.device)


def _argmax(scores: Any) -> Any:
    return scores.argmax(-1).astype(np.int64)


#: Name of a row, and what is replaced while it is scored.
DECODERS: Mapping[str, Callable[[], Any]] = {
    "bare argmax of tags": lambda: mock.patch.object(span_stage, "best_tags", _argmax),
    "no ends moved to marks": lambda: mock.patch.object(
        span_stage, "snap", lambda spans, encoded, text: spans
    ),
    "no sources from the pointer alone": lambda: mock.patch.object(
        linking, "span_at_peak", lambda *_: None
    ),
}


def span_rows(
    network: Network, docs: list[AnnotatedArticle], calibration: Mapping[str, float]
) -> dict[str, Scores]:
    """Figures of quotes with one part taken out at a time."""
    dev = QuoteDev.of(network, docs)

    def scored(settings: Mapping[str, float], reader: QuoteDev = dev) -> Scores:
        return score_quotes(docs, reader.predict_spans(settings), attributions=True)

    rows = {"all parts": scored(calibration)}
    for name, patch in DECODERS.items():
        with patch():
            rows[name] = scored(calibration)
    rows["settings not searched on dev"] = scored({})
    rows["no quotes inside quotes"] = scored({**calibration, "bias.inner_content": 99.0})
    for feature in ("shape", "mark", "paragraph"):
        with without_feature(network, feature) as other:
            rows[f"input without {feature}"] = scored(calibration, QuoteDev.of(other, docs))
    return rows


def stance_rows(
    network: Network, docs: list[AnnotatedArticle], calibration: Mapping[str, float]
) -> dict[str, Scores]:
    """Figures of stance with target, holder and content marked or not."""
    rows = {"all parts": score_quotes(docs, QuoteDev.of(network, docs).predict(calibration))}
    for role, index in (("target", 1), ("holder", 2), ("content", 3)):
        other = copy.deepcopy(network.model)
        with torch.no_grad():
            other.features.role.weight[index].zero_()
        reader = QuoteDev.of(Network(other, network.encoder, network.device), docs)
        rows[f"{role} not marked in the input"] = score_quotes(docs, reader.predict(calibration))
    return rows


def _chosen(rows: Mapping[str, Scores], names: tuple[str, ...]) -> dict[str, Any]:
    return {
        row: {name: figure for name, figure in scores.to_dict().items() if name in names}
        for row, scores in rows.items()
    }


def main() -> None:
    """Score every row and write the result."""
    parser = arguments(__doc__)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help="folder of the corpora")
    parser.add_argument("--variants", type=Path, nargs="*", default=[], help="more checkpoints")
    args = parser.parse_args()
    torch.manual_seed(0)
    files = [args.corpora / "polnear-dev.jsonl", args.corpora / "polnear-stance-dev.jsonl"]
    most = 12 if args.quick else None
    docs, labelled = corpora.read_polnear(files[0])[:most], read_records(files[1])[:most]
    network = Network(*load_checkpoint(find_folder(args.model)), torch.device("cpu"))
    calibration = network.config.calibration
    spans = span_rows(network, docs, calibration)
    stance = stance_rows(network, labelled, calibration)
    for folder in args.variants:
        other = Network(*load_checkpoint(folder), torch.device("cpu"))
        settings = other.config.calibration
        predicted = QuoteDev.of(other, docs).predict_spans(settings)
        spans[f"trained as {folder.name}"] = score_quotes(docs, predicted, attributions=True)
        stance[f"trained as {folder.name}"] = score_quotes(
            labelled, QuoteDev.of(other, labelled).predict(settings)
        )
    result = {
        "polnear-dev": _chosen(spans, SPAN_FIGURES),
        "polnear-stance-dev": _chosen(stance, STANCE_FIGURES),
        "provenance": provenance(files, model=args.model, seeds={"bootstrap": 0}),
    }
    write_result("ablations", result, args.output)


if __name__ == "__main__":
    main()
