"""Training on labelled articles: the function behind ``qs.train`` and ``quotestance train``."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from quotestance.errors import InputError
from quotestance.network.checkpoint import save_checkpoint
from quotestance.network.model import QuotestanceModel
from quotestance.network.runtime import Network, choose_device
from quotestance.training.callbacks import DevWatch, Report
from quotestance.training.card import write_card
from quotestance.training.dev import DevFigure, figure_name, final_scores, recalibrate
from quotestance.training.labelled import (
    Data,
    Labelled,
    available_tasks,
    check_labels,
    check_separate,
    read_labelled,
    uncorrected,
)
from quotestance.training.result import TrainResult, machine
from quotestance.training.run import (
    Fitted,
    computes_in_bf16,
    fit,
    no_progress_bars,
    parts_of,
    seed_everything,
)
from quotestance.training.settings import FINE_TUNE, SCRATCH, Settings, check_tasks, read_config
from quotestance.training.sources import record_sources
from quotestance.training.start import Start, open_start
from quotestance.windows import WordPieces

__all__ = ["TrainResult", "train"]

CHECKPOINTS, FACTS, SUMMARY, LICENCE = "checkpoints", "run.json", "training.json", "LICENSE.md"


def train(
    train: Data,
    dev: Data,
    output: str | Path,
    *,
    init: str | Path | None = None,
    config: str | Path | Mapping[str, Any] | None = None,
    tasks: Sequence[str] | None = None,
    replay: Data | None = None,
    epochs: int | None = None,
    lr: float | None = None,
    batch_tokens: int | None = None,
    seed: int | None = None,
    resume: bool = False,
    report: Report | None = None,
    command: str | None = None,
) -> TrainResult:
    """Train a model on labelled articles, and leave it with a model card in a folder.

    Labels may be partial: an article trains what it has labels for. The averaged weights,
    blended with those of the start, are measured on the dev articles after each epoch; the best
    are kept, those of the start where no epoch is better.

    Args:
        train: Labelled articles: a file, a list of files, a list of records, or a
            ``datasets.Dataset`` of records.
        dev: Labelled articles that decide when to stop; in the same forms, none of them in
            ``train``.
        output: New or empty folder for the trained model.
        init: What to start from: None for the shipped model, the folder of a checkpoint or of a
            bare encoder (BERT or MPNet), or a hub name.
        config: A TOML file, or a mapping, with any of the fields of
            ``quotestance.training.settings.Settings`` and ``tasks``.
        tasks: Some of ``quotes``, ``attribution``, ``speakers``, ``stance``; None for all that
            the train articles have labels for.
        replay: Older labelled articles to mix in, against forgetting; in the forms of ``train``.
        epochs: Passes over the train articles.
        lr: Peak learning rate of the top layer of the encoder.
        batch_tokens: Word pieces of a batch.
        seed: Seed of every draw.
        resume: Go on with an unfinished run of the same data and settings in ``output``.
        report: Called with each line of progress; written to stderr by default.
        command: What the model card names as the command.

    Returns:
        The folder, the dev figures before and after, and how training went.

    Raises:
        InputError: Data, an argument or the folder is at fault; says which and how to mend it.
        ModelError: ``init`` cannot be loaded.
        MissingExtraError: A package of the extra ``train`` is missing.
    """
    first = int(os.environ.get("RANK", "0")) == 0
    say = (report or _to_stderr) if first else _nothing
    start = open_start(init)
    given = {"epochs": epochs, "lr": lr, "batch_tokens": batch_tokens, "seed": seed}
    settings, tasks = _settings(start.bare, config, tasks, given)
    data = _read(train, dev, replay)
    tasks = _check(data, tasks, say)
    run = Run(Path(output), start, settings, tasks, data, say, first)
    run.prepare(resume)
    return run.go(command or _command())


def _to_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")


def _nothing(line: str) -> None:
    del line


def _command() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv[0] else "qs.train(...)"


def _settings(
    bare: bool,
    config: str | Path | Mapping[str, Any] | None,
    tasks: Sequence[str] | None,
    given: Mapping[str, Any],
) -> tuple[Settings, Sequence[str] | None]:
    """The preset, changed by the file, changed by single arguments."""
    chosen = dict(config if isinstance(config, Mapping) else read_config(config) if config else {})
    named = chosen.pop("tasks", None)
    settings = (SCRATCH if bare else FINE_TUNE).replace(**chosen)
    settings = settings.replace(**{k: v for k, v in given.items() if v is not None})
    tasks = named if tasks is None else tasks
    return settings, None if tasks is None else check_tasks(tasks)


def _read(train: Data, dev: Data, replay: Data | None) -> dict[str, Labelled]:
    data = {"train": read_labelled(train, "train"), "dev": read_labelled(dev, "dev")}
    if replay is not None:
        data["replay"] = read_labelled(replay, "replay")
    return data


def _check(
    data: Mapping[str, Labelled], tasks: Sequence[str] | None, report: Report
) -> tuple[str, ...]:
    """Refuse data that cannot be trained on; the tasks to train."""
    for name in ("train", "replay"):
        if name in data:
            check_separate(data[name], data["dev"])
            made = uncorrected(data[name].docs)
            if made:
                report(
                    f"note: {made} of {len(data[name].docs)} {name} articles are the output of a "
                    "model that nobody marked as corrected; a model learns little from itself"
                )
    chosen = available_tasks(data["train"].docs) if tasks is None else tuple(tasks)
    check_labels(data["train"], chosen)
    figure = figure_name(chosen, data["dev"].docs)
    needed = {"macro_f1": "stance", "speaker_right": "speakers"}.get(figure, "quotes")
    check_labels(data["dev"], [needed])
    return chosen


@dataclasses.dataclass(frozen=True)
class Run:
    """A checked call of ``train``.

    Args:
        output: Folder for the trained model.
        start: What to start from.
        settings: Settings of the run.
        tasks: What to train.
        data: Labelled articles by argument.
        report: Called with each line of progress.
        first: Whether this process writes files (the first of several).
    """

    output: Path
    start: Start
    settings: Settings
    tasks: tuple[str, ...]
    data: Mapping[str, Labelled]
    report: Report
    first: bool

    @property
    def checkpoints(self) -> Path:
        """Where the run keeps what it needs to be resumed."""
        return self.output / CHECKPOINTS

    def facts(self) -> dict[str, Any]:
        """What must be the same for a run to be resumed."""
        return {
            "init": self.start.name,
            "init.sha256": self.start.sha256,
            "tasks": list(self.tasks),
            **{f"settings.{k}": v for k, v in self.settings.to_dict().items()},
            **{k: [source.sha256 for source in d.sources] for k, d in self.data.items()},
        }

    def prepare(self, resume: bool) -> None:
        """Check the output folder and note what runs in it."""
        if not self.first:
            return
        file = self.checkpoints / FACTS
        if self.output.exists() and not self.output.is_dir():
            raise InputError("expected a folder, found a file", field="output", file=self.output)
        if (self.output / SUMMARY).exists() or (not file.exists() and _holds_files(self.output)):
            done = (self.output / SUMMARY).exists()
            raise InputError(
                "expected a new or empty folder, found "
                + ("the model of a finished run" if done else "a folder with other files"),
                field="output",
                file=self.output,
                hint="choose another folder",
            )
        if file.exists():
            self._check_resumable(json.loads(file.read_text(encoding="utf-8")), resume)
        elif resume:
            self.report(f"nothing to resume in {self.output}: starting anew")
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(self.facts(), indent=1), encoding="utf-8")

    def _check_resumable(self, told: dict[str, Any], resume: bool) -> None:
        if not resume:
            raise InputError(
                "expected a new or empty folder, found an unfinished run",
                field="output",
                file=self.output,
                hint="pass resume=True (--resume) to go on with it, or choose another folder",
            )
        now = json.loads(json.dumps(self.facts()))
        for name in sorted(told.keys() | now.keys()):
            if told.get(name) != now.get(name):
                raise InputError(
                    f"expected {told.get(name)} as in the run that is resumed, "
                    f"found {now.get(name)}",
                    field=name.removeprefix("settings."),
                    file=self.output,
                    hint="resume with the same data and settings, or choose another folder",
                )

    def go(self, command: str) -> TrainResult:
        """Train, calibrate, measure, and write the model with its card."""
        device = choose_device()
        model, encoder = self.start.build(self.settings.seed)
        before = final_scores(
            Network(model, encoder, device), self.data["dev"].docs, self.settings.attributions
        )
        watches: list[DevWatch] = []

        def make_watch(ends: list[int]) -> DevWatch:
            figure = DevFigure(
                self.data["dev"].docs, model.config, encoder, self.tasks,
                self.settings.attributions, device,
            )  # fmt: skip
            watches.append(
                DevWatch(
                    figure, figure.name, self.checkpoints, ends, self.settings.patience, self.report
                )
            )
            return watches[0]

        fitted = self._fit(model.train(), encoder, make_watch)
        network = self._rounded(model.eval(), encoder)
        calibrated = recalibrate(
            network, self.data["dev"].docs, self.tasks, self.settings, self.report
        )
        after = final_scores(network, self.data["dev"].docs, self.settings.attributions)
        return self._finish(network, command, fitted, watches[0], before, after, calibrated)

    def _fit(
        self,
        model: QuotestanceModel,
        encoder: WordPieces,
        make_watch: Callable[[list[int]], DevWatch],
    ) -> Fitted:
        seed_everything(self.settings.seed)
        old = self.data["replay"].docs if "replay" in self.data else ()
        sources = record_sources(
            self.data["train"].docs,
            self.tasks,
            encoder,
            self.settings.seed,
            nested=self.settings.nested,
            replay=old,
            replay_ratio=self.settings.replay_ratio,
        )
        return fit(
            model,
            encoder,
            sources,
            self.settings,
            self.checkpoints,
            parts=parts_of(self.tasks),
            make_watch=make_watch,
            report=self.report,
        )

    def _rounded(self, model: QuotestanceModel, encoder: WordPieces) -> Network:
        """The network as it will be read from disk, where weights are float16."""
        digest = hashlib.sha256(json.dumps(self.facts()).encode()).hexdigest()[:8]
        model.config.release = f"{model.config.release}+trained.{digest}"
        model.load_state_dict({k: v.half().float() for k, v in model.state_dict().items()})
        return Network(model, encoder, choose_device())

    def _finish(
        self,
        network: Network,
        command: str,
        fitted: Fitted,
        watch: DevWatch,
        before: Any,
        after: Any,
        calibrated: tuple[str, ...],
    ) -> TrainResult:
        result = TrainResult(
            folder=self.output,
            init=self.start.name,
            init_sha256=self.start.sha256,
            bare=self.start.bare,
            tasks=self.tasks,
            figure=figure_name(self.tasks, self.data["dev"].docs),
            history=tuple(watch.history),
            best=watch.best.epoch,
            stopped_early=watch.stopped_early,
            before=before,
            after=after,
            calibrated=calibrated,
            data={name: labelled.sources for name, labelled in self.data.items()},
            settings=self.settings,
            steps=fitted.steps,
            seconds=fitted.seconds,
            machine=machine(network.device, computes_in_bf16(self.settings.precision)),
            command=command,
        )
        if self.first:
            self._write(network, result)
        return result

    def _write(self, network: Network, result: TrainResult) -> None:
        with no_progress_bars():
            save_checkpoint(self.output, network.model, network.encoder)
        licence = self.start.folder / LICENCE
        if licence.is_file():
            shutil.copyfile(licence, self.output / LICENCE)
        write_card(result, licence=licence.is_file())
        if result.best == 0:
            self.report("no epoch was better than the start: the starting weights were kept")
        logs = self.checkpoints / "logs"
        if logs.is_dir():
            shutil.copytree(logs, self.output / "logs", dirs_exist_ok=True)
        text = json.dumps(result.to_dict(), indent=1) + "\n"
        (self.output / SUMMARY).write_text(text, encoding="utf-8")
        shutil.rmtree(self.checkpoints)


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(
        path.name != CHECKPOINTS or any(path.iterdir()) for path in folder.iterdir()
    )
