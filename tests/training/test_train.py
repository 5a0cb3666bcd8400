"""Training end to end with a tiny random network, and everything it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import quotestance as qs
from quotestance.network.checkpoint import load_checkpoint, save_checkpoint
from quotestance.training import run
from quotestance.training.settings import FINE_TUNE, SCRATCH, read_config
from quotestance.training.train import TrainResult, train
from tests.tiny_model import tiny_folder  # noqa: F401 (a fixture)
from tests.training.making import article, articles, write

QUICK = {"patience": 0, "precision": "fp32", "average_decay": 0.5, "nested": False}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def call(output: Path, init: Path, **changes: object) -> TrainResult:
    arguments = {
        "train": articles(4, seed=1),
        "dev": articles(2, seed=2),
        "config": QUICK,
        "epochs": 2,
        "lr": 3e-3,
        "batch_tokens": 1024,
        "report": lambda line: None,
    }
    return train(output=output, init=init, **(arguments | changes))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.fixture(scope="module")
def trained(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainResult:  # noqa: F811
    torch.set_num_threads(1)
    return call(tmp_path_factory.mktemp("trained") / "model", tiny_folder)


class KilledError(Exception):
    pass


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let training end in an exception after ``step`` steps, as a kill would."""
    from quotestance.training.callbacks import Progress

    def on_step_begin(self, args, state, control, **kwargs):
        if state.global_step == step:
            raise KilledError

    monkeypatch.setattr(Progress, "on_step_begin", on_step_begin)


def better_each_time(monkeypatch: pytest.MonkeyPatch, init: Path) -> None:
    """A dev figure that rises as the weights move, whatever the tiny network can do."""
    from quotestance.training.dev import DevFigure

    start = load_file(init / "model.safetensors")

    def figure(self, weights):
        return float(sum((w - start[name].float()).norm() for name, w in weights.items()))

    monkeypatch.setattr(DevFigure, "__call__", figure)


def test_a_run_leaves_a_model_that_loads(trained: TrainResult) -> None:
    names = {path.name for path in trained.folder.iterdir()}
    assert names >= {"README.md", "config.json", "model.safetensors", "tokenizer.json"}
    assert "checkpoints" not in names
    doc = trained.load()("Orla Venn said that it rained.")
    assert doc.model is not None
    assert doc.model["version"].startswith("0.1.0+trained.")


def test_the_summary_holds_history_data_and_settings(trained: TrainResult) -> None:
    told = json.loads((trained.folder / "training.json").read_text())
    assert [epoch["epoch"] for epoch in told["history"]] == [0, 1, 2]
    assert told["figure"] == "relation_f1"
    assert told["tasks"] == ["quotes", "attribution", "speakers", "stance"]
    assert told["data"]["train"][0]["articles"] == 4
    assert told["settings"]["lr"] == 3e-3
    assert told["steps"] == trained.steps > 0


def test_a_run_killed_and_resumed_ends_as_an_undisturbed_one(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better_each_time(monkeypatch, tiny_folder)
    config = QUICK | {"save_steps": 2}
    whole = call(tmp_path / "whole", tiny_folder, config=config)
    with monkeypatch.context() as killing:
        kill_at(killing, 3)
        with pytest.raises(KilledError):
            call(tmp_path / "killed", tiny_folder, config=config)
    assert not (tmp_path / "killed" / "config.json").exists()
    resumed = call(tmp_path / "killed", tiny_folder, config=config, resume=True)
    assert resumed.steps == whole.steps > 3
    assert resumed.history == whole.history
    assert same(weights(resumed.folder), weights(whole.folder))
    assert resumed.best > 0
    assert not same(weights(whole.folder), weights(tiny_folder))


def test_a_run_killed_after_its_last_step_is_finished_on_resuming(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better_each_time(monkeypatch, tiny_folder)
    whole = call(tmp_path / "whole", tiny_folder, epochs=1)

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as killing:
        killing.setattr("quotestance.training.train.recalibrate", killed)
        with pytest.raises(KilledError):
            call(tmp_path / "killed", tiny_folder, epochs=1)
    resumed = call(tmp_path / "killed", tiny_folder, epochs=1, resume=True)
    assert (resumed.steps, resumed.history) == (whole.steps, whole.history)
    assert same(weights(resumed.folder), weights(whole.folder))
    assert not (resumed.folder / "checkpoints").exists()


def test_the_same_call_twice_gives_the_same_weights(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better_each_time(monkeypatch, tiny_folder)
    first, second, other = (
        weights(call(tmp_path / str(i), tiny_folder, epochs=1, seed=seed).folder)
        for i, seed in enumerate((5, 5, 6))
    )
    assert same(first, second)
    assert not same(first, other)


def test_training_stops_when_nothing_gets_better(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from quotestance.training.dev import DevFigure

    figures = iter((40.0, 30.0, 20.0))
    monkeypatch.setattr(DevFigure, "__call__", lambda self, weights: next(figures))
    told: list[str] = []
    result = call(
        tmp_path / "out", tiny_folder, epochs=9, config=QUICK | {"patience": 2}, report=told.append
    )
    assert result.stopped_early
    assert [epoch.figure for epoch in result.history] == [40.0, 30.0, 20.0]
    assert result.best == 0
    assert same(weights(result.folder), weights(tiny_folder))
    assert "no epoch was better than the start: the starting weights were kept" in told
    assert any(line.startswith("step 1 of ") and "left" in line for line in told)


def test_partial_labels_train_what_they_have(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better_each_time(monkeypatch, tiny_folder)
    rows = [
        {
            "id": doc.id,
            "text": doc.text,
            "quotes": [{"id": q.id, "content": [list(s) for s in q.content]} for q in doc.quotes],
        }
        for doc in articles(4, seed=1)
    ]
    result = call(
        tmp_path / "out", tiny_folder, train=rows[:3], dev=rows[3:], epochs=1, batch_tokens=256
    )
    assert result.tasks == ("quotes",)
    assert result.figure == "half_overlap_f1", "without sources relations say nothing"
    assert "| relation_f1 |" not in (result.folder / "README.md").read_text()
    before, after = weights(tiny_folder), weights(result.folder)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert any(name.startswith("tagger.") for name in changed)
    assert not any(name.startswith(("linker.", "stance.", "antecedents.")) for name in changed)


def trained_weights(
    folder: Path, init: Path, epochs: int, **config: float
) -> dict[str, torch.Tensor]:
    """The weights that training with these settings ends with."""
    return weights(call(folder, init, epochs=epochs, config=QUICK | config).folder)


def test_frozen_layers_stay_and_the_pull_holds_back(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better_each_time(monkeypatch, tiny_folder)
    start = weights(tiny_folder)
    ends = {
        pull: trained_weights(tmp_path / str(pull), tiny_folder, 1, pull=pull, freeze_layers=1)
        for pull in (0.0, 0.9)
    }
    frozen = [n for n in start if ".embeddings." in n or ".layer.0." in n]
    assert frozen
    assert all(torch.equal(ends[0.0][name], start[name]) for name in frozen)
    moved = {
        pull: sum(float((end[n].float() - start[n].float()).norm()) for n in start)
        for pull, end in ends.items()
    }
    assert 0 < moved[0.9] < moved[0.0] / 2


def test_the_kept_weights_lie_between_the_start_and_the_trained_ones(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    better_each_time(monkeypatch, tiny_folder)
    start = weights(tiny_folder)
    ends = {
        blend: trained_weights(tmp_path / str(blend), tiny_folder, 2, blend=blend)
        for blend in (0.5, 1.0)
    }
    for name, first in start.items():
        middle = first.float().lerp(ends[1.0][name].float(), 0.5)
        torch.testing.assert_close(ends[0.5][name].float(), middle, rtol=1e-2, atol=1e-3)


def test_too_many_frozen_layers_are_refused(tiny_folder: Path, tmp_path: Path) -> None:  # noqa: F811
    with pytest.raises(qs.InputError, match="expected at most 2, the layers of the encoder"):
        call(tmp_path / "out", tiny_folder, config=QUICK | {"freeze_layers": 3})


def test_a_dataset_of_records_is_data_too(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    datasets = pytest.importorskip("datasets")
    from quotestance.training.labelled import read_labelled

    rows = [doc.to_dict() for doc in articles(3)]
    del rows[0]["quotes"][0]["stance"]
    rows[1]["quotes"][1]["target"] = None
    found = read_labelled(datasets.Dataset.from_list(rows), "train").docs
    plain = read_labelled(rows, "train").docs
    assert [d.quotes for d in found] == [d.quotes for d in plain]
    splits = datasets.DatasetDict({"train": datasets.Dataset.from_list(rows)})
    with pytest.raises(
        qs.InputError, match=r"found a DatasetDict with the splits \['train'\]"
    ) as e:
        call(tmp_path / "out", tiny_folder, train=splits)
    assert e.value.hint == "did you mean to select one of them: train=dataset['train']?"


def refused(output: Path, init: Path, match: str, **changes: object) -> qs.InputError:
    with pytest.raises(qs.InputError, match=match) as caught:
        call(output, init, **changes)
    return caught.value


def test_data_without_quotes_is_refused(tiny_folder: Path, tmp_path: Path) -> None:  # noqa: F811
    empty = tmp_path / "empty.jsonl"
    empty.write_text('{"id": "fiction-1", "text": "It rained.", "quotes": []}\n')
    bare = tmp_path / "bare.jsonl"
    bare.write_text('{"id": "fiction-1", "text": "It rained."}\n')
    output = tmp_path / "out"
    error = refused(output, tiny_folder, "labelled quotes, found none in 1 articles", train=empty)
    assert error.file == str(empty)
    error = refused(output, tiny_folder, "field 'quotes': .*no such key", dev=[bare])
    assert (error.file, error.line) == (str(bare), 1)
    refused(output, tiny_folder, "cannot be read: No such file", train=tmp_path / "no.jsonl")
    refused(output, tiny_folder, "found an Article without quotes", train=[qs.Article("It.")])
    refused(output, tiny_folder, "field 'train': .*found int", train=3)
    refused(output, tiny_folder, "field 'train': .*found none", train=[])
    refused(output, tiny_folder, r"field 'dev\[0\].text'", dev=[{"quotes": []}])
    assert not output.exists()


def test_dev_articles_of_the_train_data_are_refused(tiny_folder: Path, tmp_path: Path) -> None:  # noqa: F811
    docs = articles(3)
    error = refused(tmp_path, tiny_folder, "found 'fiction-1-1', the same text as", dev=docs[1:2])
    assert error.field == "dev"
    refused(tmp_path, tiny_folder, "found the id 'fiction-2-0' twice", dev=articles(1, 2) * 2)


def test_tasks_without_labels_are_refused(tiny_folder: Path, tmp_path: Path) -> None:  # noqa: F811
    bare = [doc.to_dict() for doc in articles(2, seed=3)]
    for row in bare:
        for quote in row["quotes"]:
            del quote["stance"]
    error = refused(tmp_path, tiny_folder, "with a stance for the task 'stance'", train=bare,
                    tasks=["quotes", "stance"])  # fmt: skip
    assert "leave 'stance' out of the tasks" in (error.hint or "")
    error = refused(tmp_path, tiny_folder, "expected quotes with a stance", dev=bare,
                    tasks=["stance"])  # fmt: skip
    assert error.field == "dev"
    refused(tmp_path, tiny_folder, "expected one of quotes, .*found 'tone'", tasks=["tone"])
    refused(tmp_path, tiny_folder, "expected a list of tasks", tasks="quotes")


def test_a_folder_that_is_taken_is_refused(
    trained: TrainResult,
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    refused(trained.folder, tiny_folder, "found the model of a finished run")
    (tmp_path / "notes.txt").write_text("mine")
    refused(tmp_path, tiny_folder, "found a folder with other files")
    refused(tmp_path / "notes.txt", tiny_folder, "expected a folder, found a file")
    unfinished = tmp_path / "unfinished"
    (unfinished / "checkpoints").mkdir(parents=True)
    (unfinished / "checkpoints" / "run.json").write_text("{}")
    error = refused(unfinished, tiny_folder, "found an unfinished run")
    assert "--resume" in (error.hint or "")
    refused(unfinished, tiny_folder, "as in the run that is resumed", resume=True)


def test_a_run_goes_on_only_from_the_weights_that_it_started_from(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = tmp_path / "start"
    shutil.copytree(tiny_folder, start)
    kill_at(monkeypatch, 1)
    with pytest.raises(KilledError):
        call(tmp_path / "out", start)
    model, encoder = load_checkpoint(start)
    with torch.no_grad():
        next(model.parameters()).add_(1)
    save_checkpoint(start, model, encoder)
    error = refused(tmp_path / "out", start, "as in the run that is resumed", resume=True)
    assert error.field == "init.sha256"


def test_settings_come_from_preset_file_and_arguments(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('lr = 1e-4\npull = 0\ntasks = ["quotes"]\n')
    assert read_config(file) == {"lr": 1e-4, "pull": 0, "tasks": ["quotes"]}
    assert FINE_TUNE.replace(lr=1e-4).rate_of_heads == pytest.approx(1e-4 * 16 / 3)
    assert SCRATCH.rate_of_heads == 8e-4
    file.write_text("learning_rate = 1")
    with pytest.raises(qs.InputError, match=r"mine\.toml: field 'learning_rate'"):
        read_config(file)
    file.write_text("lr = ")
    with pytest.raises(qs.InputError, match=r"mine\.toml: expected TOML"):
        read_config(file)
    for changes, message in (
        ({"epochs": 0}, "'epochs': expected a number from 1"),
        ({"lr": 0}, "'lr': expected a number above 0"),
        ({"pull": 1}, "'pull': expected a number from 0 to below 1"),
        ({"blend": 0}, "'blend': expected a number above 0 to 1"),
        ({"epochs": 1.5}, "'epochs': expected a whole number"),
        ({"nested": 1}, "'nested': expected true or false"),
        ({"precision": "int8"}, "'precision': expected one of auto, bf16, fp32"),
    ):
        with pytest.raises(qs.InputError, match=message):
            FINE_TUNE.replace(**changes)


def test_each_task_trains_its_own_parts_of_the_loss() -> None:
    assert run.parts_of(["quotes", "attribution"]) == {"tags", "inner_tags", "labels", "links"}
    assert run.parts_of(["speakers"]) == {"antecedents"}


def test_articles_of_the_maker_are_labelled_as_their_text_says() -> None:
    doc = article(0)
    assert doc.quotes[0].content[0].text.startswith("that ")
    assert {q.cue[0].text for q in doc.quotes} == {"said"}
    assert doc.quotes[-1].source[0].text == "She"


def test_files_are_named_with_their_checksums(
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    from quotestance.training.labelled import read_labelled

    file = write(tmp_path / "desk.jsonl", 2)
    source = read_labelled([file, str(file)], "train").sources[1]
    assert (source.name, source.articles, source.quotes) == ("desk.jsonl", 2, 8)
    assert len(source.sha256) == 64
