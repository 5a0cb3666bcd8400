from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import TrainerCallback

from quotestance.network.checkpoint import load_checkpoint, save_checkpoint
from quotestance.training.mixture import Mixture, PairSource
from quotestance.training.sources import quote_source, quote_stances
from quotestance.training.trainer import (
    QuotestanceArguments,
    QuotestanceTrainer,
    WeightAverage,
    parameter_groups,
)
from tests.tiny_model import tiny_encoder, tiny_model
from tests.training.examples import articles

pytestmark = pytest.mark.filterwarnings("ignore")

ENCODER = tiny_encoder()
STEPS = 6


class StopAt(TrainerCallback):
    """Ends a run after a checkpoint, as a kill would."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, args, state, control, **kwargs):
        if state.global_step >= self.step:
            control.should_training_stop = True


def run(folder: Path, stop: int | None = None, resume: bool = False) -> QuotestanceTrainer:
    torch.manual_seed(11)
    mixture = Mixture(
        {
            "quotes": quote_source(articles() * 3, ENCODER, 1),
            "stance": PairSource([(quote_stances(articles(), ENCODER), 1.0)]),
        },
        epochs=4,
        most=300,
        seed=1,
    )
    args = QuotestanceArguments(
        output_dir=str(folder),
        per_device_train_batch_size=1,
        num_train_epochs=1,
        max_steps=STEPS,
        learning_rate=1e-3,
        warmup_steps=2,
        logging_steps=2,
        save_steps=3,
        report_to=[],
        seed=1,
        use_cpu=True,
        disable_tqdm=True,
        average_decay=0.9,
    )
    callbacks: list[TrainerCallback] = [] if stop is None else [StopAt(stop)]
    trainer = QuotestanceTrainer(tiny_model(ENCODER), args, mixture, ENCODER, callbacks=callbacks)
    checkpoint = str(folder / f"checkpoint-{STEPS // 2}") if resume else None
    trainer.train(resume_from_checkpoint=checkpoint)
    return trainer


def weights(trainer: QuotestanceTrainer) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in trainer.model.state_dict().items()}


def assert_equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert set(one) == set(other)
    for name, value in one.items():
        assert torch.equal(value, other[name]), name


def test_a_resumed_run_ends_with_the_weights_of_an_undisturbed_one(tmp_path: Path) -> None:
    whole = run(tmp_path / "whole")
    assert whole.state.global_step == STEPS
    stopped = run(tmp_path / "halves", stop=STEPS // 2)
    assert stopped.state.global_step == STEPS // 2
    assert (tmp_path / "halves" / f"checkpoint-{STEPS // 2}" / "average.safetensors").is_file()
    resumed = run(tmp_path / "halves", resume=True)
    assert resumed.state.global_step == STEPS
    assert_equal(weights(resumed), weights(whole))
    assert_equal(dict(resumed.average.shadow), dict(whole.average.shadow))
    before = tiny_model(ENCODER).state_dict()
    moved = [n for n, v in weights(whole).items() if not torch.equal(v, before[n])]
    assert any(name.startswith("tagger.") for name in moved)
    assert any(name.startswith("encoder.") for name in moved)

    logged = [entry for entry in whole.state.log_history if "loss" in entry]
    assert logged
    assert all({"loss_tags", "minutes"} & set(entry) for entry in logged)

    whole.model.load_state_dict(whole.average.kept())
    save_checkpoint(tmp_path / "final", whole.model, ENCODER)
    model, _ = load_checkpoint(tmp_path / "final")
    name = "tagger.layers.1.weight"
    torch.testing.assert_close(
        model.state_dict()[name], whole.average.shadow[name].half().float(), rtol=0, atol=0
    )


def test_the_kept_weights_lie_between_the_start_and_the_average() -> None:
    model = tiny_model(ENCODER)
    start = {name: p.detach().clone() for name, p in model.named_parameters()}
    half, whole = (WeightAverage(model, 0.0, blend) for blend in (0.5, 1.0))
    for average in (half, whole):
        average.shadow = {name: p + 1 for name, p in start.items()}
    assert_equal(whole.kept(), whole.shadow)
    assert_equal(half.kept(), {name: p.lerp(p + 1, 0.5) for name, p in start.items()})


def test_the_same_seed_gives_the_same_weights(tmp_path: Path) -> None:
    one, other = (weights(run(tmp_path / name, stop=2)) for name in ("a", "b"))
    assert_equal(one, other)


def test_rates_fall_from_heads_to_the_lowest_layer(tmp_path: Path) -> None:
    args = QuotestanceArguments(
        output_dir=str(tmp_path), learning_rate=1e-3, head_learning_rate=5e-3, layer_decay=0.5,
        weight_decay=0.1, report_to=[], use_cpu=True,
    )  # fmt: skip
    model = tiny_model(ENCODER)
    groups = parameter_groups(model, args)
    rates = {id(p): (g["lr"], g["weight_decay"]) for g in groups for p in g["params"]}
    assert len(rates) == len(list(model.parameters()))
    named = {name: rates[id(p)] for name, p in model.named_parameters()}
    assert named["encoder.encoder.layer.1.attention.self.query.weight"] == (1e-3, 0.1)
    assert named["encoder.encoder.layer.0.attention.self.query.weight"] == (5e-4, 0.1)
    assert named["encoder.embeddings.word_embeddings.weight"] == (2.5e-4, 0.1)
    assert named["encoder.encoder.layer.1.attention.self.query.bias"] == (1e-3, 0.0)
    assert named["tagger.layers.1.weight"] == (5e-3, 0.1)
    assert named["features.shape.weight"] == (5e-3, 0.0)
