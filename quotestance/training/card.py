"""The model card that a training run leaves beside its weights."""

from __future__ import annotations

import math
from pathlib import Path

from quotestance.evaluation.bootstrap import Figure
from quotestance.training.result import TrainResult, versions

CARD = "README.md"

_HEAD = """\
---
language: en
library_name: quotestance
license: other{licence}
pipeline_tag: token-classification
tags:
- quotestance
- quotation-attribution
- stance
---

# {name}

Finds quotes in English news: what was said, who said it, toward what, and in what tone. {origin}

```python
import quotestance as qs

nlp = qs.load("{path}")
```
"""

_LIMITS = """\
## Limits

- The dev articles chose the epoch{calibration}, so the figures above flatter the model a little.
  For an honest figure score it on labelled articles that took part in nothing:
  `quotestance evaluate --corpus quotestance --path HELD-OUT.jsonl --model {path}`.
- The intervals are over the {articles} dev articles alone; with few of them they are wide, and
  they say nothing of outlets or years that the dev articles are not from.
- What the model was good at before may have suffered where the new articles differ from the old;
  this card does not measure that. Score both models on older labelled articles to know.
- English news only. A quote can be credited to the wrong person; confidences help to find such
  cases, they do not rule them out.
"""

_TERMS = """\
## Terms

{inherited} The articles listed above were supplied by whoever ran the training; whether the
weights may be passed on is for them to clear with the owners of those texts. The code of
quotestance is under Apache-2.0, which says nothing about these weights.
"""


def write_card(result: TrainResult, *, licence: bool = False) -> Path:
    """Write the model card of a training run.

    Args:
        result: The run.
        licence: Whether the starting model's ``LICENSE.md`` lies beside the weights.

    Returns:
        The file, ``README.md`` in the folder of the checkpoint.
    """
    file = result.folder / CARD
    file.write_text(card_text(result, licence=licence), encoding="utf-8", errors="replace")
    return file


def card_text(result: TrainResult, *, licence: bool = False) -> str:
    """The model card as Markdown; see ``write_card``."""
    start = "the bare encoder" if result.bare else "the model"
    sum_ = f" (weights with sha256 `{result.init_sha256}`)" if result.init_sha256 else ""
    origin = f"Trained from {start} `{_code(result.init)}`{sum_} for: {', '.join(result.tasks)}."
    name = result.folder.name
    dev = sum(source.articles for source in result.data.get("dev", ()))
    fitted = f" and the {' and '.join(result.calibrated)}" if result.calibrated else ""
    inherited = (
        "The terms of the starting model hold for these weights too: see `LICENSE.md`."
        if licence
        else f"The terms of `{_code(result.init)}` hold for these weights too."
    )
    parts = [
        _HEAD.format(
            name=_cell(name),
            origin=origin,
            path=_code(name),
            licence="\nlicense_name: see-file\nlicense_link: LICENSE.md" if licence else "",
        ),
        _figures(result),
        _data(result),
        _training(result),
        _LIMITS.format(calibration=fitted, articles=dev, path=_code(name)),
        _TERMS.format(inherited=inherited),
    ]
    return "\n".join(parts)


def _figures(result: TrainResult) -> str:
    rows = []
    differences = result.differences
    for name in result.shown:
        after = result.after[name]
        found = differences[name]
        change = "" if math.isnan(found.low) else f"{found.low:+.1f} to {found.high:+.1f}"
        rows.append([name, _interval(result.before[name]), _interval(after), change, str(after.n)])
    counted = "every attribution" if result.settings.attributions else "quotes by the guide"
    return (
        "## Figures\n\n"
        f"On the dev articles, {counted}, in percent with 95 % intervals over articles; the "
        "change is the paired interval of after minus before.\n\n"
        + _table(["figure", "before", "after", "change", "n"], rows)
    )


def _interval(figure: Figure) -> str:
    if math.isnan(figure.value):
        return "none"
    if math.isnan(figure.low):
        return f"{figure.value:.1f}"
    return f"{figure.value:.1f} ({figure.low:.1f} to {figure.high:.1f})"


def _data(result: TrainResult) -> str:
    rows = [
        [name, source.name, str(source.articles), str(source.quotes), f"`{source.sha256}`"]
        for name, sources in result.data.items()
        for source in sources
    ]
    return "## Data\n\n" + _table(["used for", "file", "articles", "quotes", "sha256"], rows)


def _training(result: TrainResult) -> str:
    history = [
        [str(epoch.epoch), str(epoch.step), f"{epoch.figure:.2f}"] for epoch in result.history
    ]
    kept = (
        "No epoch was better on the dev articles than the start, so the starting weights were kept."
        if result.best == 0
        else f"The weights of epoch {result.best} were kept (averaged over steps)."
    )
    stopped = " Training stopped early." if result.stopped_early else ""
    settings = ", ".join(f"{k} {v}" for k, v in result.settings.to_dict().items())
    packages = ", ".join(f"{name} {number}" for name, number in versions().items())
    fitted = ", ".join(result.calibrated) or "kept from the starting model"
    return (
        "## Training\n\n"
        f"```sh\n{_fenced(result.command)}\n```\n\n"
        f"{result.steps} steps in {result.seconds / 60:.1f} minutes.{stopped} {kept}\n\n"
        + _table(["epoch", "step", result.figure], history)
        + f"\n- Settings: {settings}\n- Calibration on the dev articles: {fitted}\n"
        f"- Machine: {result.machine}\n- Versions: {packages}\n"
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines)


def _cell(text: str) -> str:
    """Text that neither ends a cell nor a line."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())


def _fenced(text: str) -> str:
    return text.replace("```", "'''")
