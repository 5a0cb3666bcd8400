"""``quotestance train`` as a user calls it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quotestance.cli import app
from quotestance.cli.train import _repeated
from quotestance.training.settings import FINE_TUNE
from tests.tiny_model import tiny_folder  # noqa: F401 (a fixture)
from tests.training.making import write

run = CliRunner().invoke


def test_a_list_option_takes_several_files() -> None:
    assert _repeated(["--train", "a", "b", "c", "--dev", "d", "--resume"]) == [
        *("--train", "a", "--train", "b", "--train", "c", "--dev", "d", "--resume")
    ]
    assert _repeated(["--output", "o", "x"]) == ["--output", "o", "x"]
    assert _repeated(["--train=a", "b"]) == ["--train=a", "b"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, count, seed in (("a", 2, 1), ("b", 2, 3), ("dev", 2, 2)):
        write(tmp_path / f"{name}.jsonl", count, seed)
    (tmp_path / "quick.toml").write_text('precision = "fp32"\npatience = 0\nnested = false\n')
    names = ("--train", "a.jsonl", "b.jsonl", "--dev", "dev.jsonl", "--config", "quick.toml")
    return [str(tmp_path / n) if "." in n else n for n in names]


def test_train_leaves_a_model_and_says_where(
    files: list[str],
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    output = tmp_path / "model"
    options = ["--init", str(tiny_folder), "--output", str(output), "--epochs", "1"]
    found = run(app, ["train", *files, *options, "--tasks", "quotes,attribution", "--seed", "4"])
    assert found.exit_code == 0, found.output
    # What a network of random weights finds depends on the processor: the two places must agree.
    told = re.search(r"before training: relation_f1 ([\d.]+)", found.stderr)
    assert told is not None, found.stderr
    assert f"relation_f1 on the dev articles: {told[1]} before" in found.stdout
    assert str(output) in found.stdout
    card = (output / "README.md").read_text()
    assert "| train | b.jsonl | 2 | 8 |" in card
    assert "for: quotes, attribution." in card


def test_bad_calls_end_with_code_2_and_a_hint(
    files: list[str],
    tiny_folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    start = ["train", *files, "--init", str(tiny_folder), "--output", str(tmp_path / "model")]
    for options, message in (
        (["--tasks", "quotes,tone"], "found 'tone'"),
        (["--epochs", "0"], "field 'epochs': expected a number from 1, found 0"),
        (["--config", str(tmp_path / "no.toml")], "no.toml: cannot be read"),
        (["--replay", str(tmp_path / "dev.jsonl")], "the same text as 'fiction-2-0' of replay"),
    ):
        found = run(app, [*start, *options])
        assert found.exit_code == 2, found.output
        assert message in found.stderr
        assert "Traceback" not in found.output
    assert not (tmp_path / "model").exists()


def test_the_options_that_are_needed_are_asked_for() -> None:
    found = run(app, ["train", "--dev", "dev.jsonl"])
    assert found.exit_code == 2
    assert "--train" in found.stderr


def test_the_help_tells_the_defaults_and_where_further_settings_go() -> None:
    shown = " ".join(run(app, ["train", "--help"], terminal_width=80).stdout.split())
    for name in ("epochs", "lr", "batch_tokens", "seed"):
        option = shown.partition(f"--{name.replace('_', '-')} ")[2]
        told = option.partition(" by default.")[0]
        assert told.endswith(f"; {getattr(FINE_TUNE, name)}"), option[:80]
        assert " --" not in told
    assert "Further settings go in `--config FILE.toml`." in shown
    assert "(docs/fine-tuning.md)" in shown
