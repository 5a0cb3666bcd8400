"""``quotestance track``: a ledger of quotes over many articles, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotestance.cli.common import (
    SOME_FAILED,
    console,
    console_err,
    fail,
    say,
    show_error,
)
from quotestance.errors import InputError, QuotestanceError
from quotestance.render import SIGNS, printable

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    help="Keep a ledger of quotes: add articles, follow stances, find turns, compare.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class By(StrEnum):
    """Length of a period."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Side(StrEnum):
    """What is set side by side."""

    SPEAKER = "speaker"
    OUTLET = "outlet"
    TARGET = "target"


class Count(StrEnum):
    """Whether a quote in many papers counts once."""

    GROUPS = "groups"
    APPEARANCES = "appearances"


class Mode(StrEnum):
    """Which quotes count."""

    ALL = "all"
    SPEECH = "speech"
    THOUGHT = "thought"


class Files(StrEnum):
    """Files of an export."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


LedgerFile = Annotated[Path, typer.Argument(metavar="LEDGER", help="The ledger, a DuckDB file.")]
Speakers = Annotated[
    list[str] | None, typer.Option("--speaker", metavar="NAME", help="Name or id; may be repeated.")
]
Targets = Annotated[
    list[str] | None, typer.Option("--target", metavar="NAME", help="Name or id; may be repeated.")
]
Outlets = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="NAME", help="May be repeated.")
]
Modes = Annotated[Mode, typer.Option("--mode", help="Speech, thought, or all.")]
Counts = Annotated[
    Count, typer.Option("--count", help="Count a quote in many papers once, or each time.")
]
Since = Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="First day.")]
Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="Last day.")]
Issues = Annotated[
    bool, typer.Option("--issues", help="Count issues and events that name a target under it too.")
]
Csv = Annotated[bool, typer.Option("--csv", help="Write comma-separated values.")]


def chosen(
    speaker: list[str] | None,
    target: list[str] | None,
    outlet: list[str] | None,
    mode: Mode,
    since: str | None,
    until: str | None,
    issues: bool = False,
) -> dict[str, Any]:
    """The options that choose quotes, as keyword arguments of the ledger."""
    return {
        "speaker": speaker or None,
        "target": target or None,
        "outlet": outlet or None,
        "mode": None if mode is Mode.ALL else mode.value,
        "since": since,
        "until": until,
        "issues": issues,
    }


def opened(path: Path) -> Any:
    """The ledger of an existing file."""
    from quotestance.track.ledger import Ledger

    if not path.exists():
        raise InputError(
            "no such ledger", file=path, hint=f"make one: quotestance track add {path} INPUT..."
        )
    return Ledger(path)


@app.command()
def add(
    ledger: LedgerFile,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Articles (text files, folders, .jsonl, .csv, .parquet, -) or .jsonl records "
            "whose quotes were already extracted.",
        ),
    ],
    model: Annotated[
        str | None, typer.Option("--model", metavar="PATH", help="Another model folder.")
    ] = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
    batch: Annotated[int, typer.Option("--batch", min=1, help="Articles a transaction.")] = 50,
) -> None:
    """Add articles or records; what the ledger holds already is left as it is.

    An interrupted run goes on where it stopped when the same command is given again. Exit code
    0; 1 if some articles failed (each is named, the rest are in); 2 for a bad call.
    """
    from quotestance.track.adding import Added
    from quotestance.track.inputs import add_items, read_items
    from quotestance.track.ledger import Ledger

    def load() -> Any:
        from quotestance import pipeline

        return pipeline.load(model, device=device)

    total = Added()
    try:
        items = read_items(inputs, lambda id, message: say(f"warning: {id}: {message}"))
        with console_err.status("adding") as status:
            for outcome in add_items(Ledger(ledger), items, load, batch):
                for id, error in outcome.failed:
                    show_error(error, f"error: {id}")
                total.extend(outcome)
                status.update(f"adding: {total}")
    except QuotestanceError as error:
        fail(error)
    say(f"{ledger}: {total}")
    if total.failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def summary(ledger: LedgerFile) -> None:
    """Say what the ledger holds: articles, dates, outlets, models, the most quoted speakers."""

    def show() -> None:
        book = opened(ledger)
        found = book.summary()
        models = found.pop("models")
        for name, value in found.items():
            typer.echo(f"{name}: {value}")
        for model in models:
            name = " ".join(filter(None, (model["name"], model["version"]))) or "labelled by hand"
            typer.echo(f"model {printable(name)}: {model['articles']} articles")
        for side in ("speaker", "target"):
            top = ", ".join(f"{name} ({n})" for name, n in book.frequent(side, 10))
            typer.echo(printable(f"{side}s: {top or 'none'}"))

    _guarded(show)


@app.command()
def trend(
    ledger: LedgerFile,
    speaker: Speakers = None,
    target: Targets = None,
    outlet: Outlets = None,
    mode: Modes = Mode.SPEECH,
    since: Since = None,
    until: Until = None,
    issues: Issues = False,
    by: Annotated[By, typer.Option("--by", help="Length of a period.")] = By.MONTH,
    count: Counts = Count.GROUPS,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE", help="How the classifier errs, as measured."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw it (.png, .svg, .pdf).")
    ] = None,
    csv: Csv = False,
) -> None:
    """Mean stance by period, with shares of the labels and 95 % intervals."""

    def show() -> None:
        which = chosen(speaker, target, outlet, mode, since, until, issues)
        found = opened(ledger).trend(by=by.value, count=count.value, errors=errors, **which)
        if plot is not None:
            found.plot().savefig(plot)
        _print(found.table, csv)
        for note in found.notes:
            say(f"note: {note}")

    _guarded(show)


@app.command()
def changes(
    ledger: LedgerFile,
    speaker: Speakers = None,
    target: Targets = None,
    outlet: Outlets = None,
    mode: Modes = Mode.SPEECH,
    since: Since = None,
    until: Until = None,
    issues: Issues = False,
    count: Counts = Count.GROUPS,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many to list.")] = 10,
) -> None:
    """Turns in tone over all pairs of speaker and target, strongest first, with the quotes."""

    def show() -> None:
        which = chosen(speaker, target, outlet, mode, since, until, issues)
        found = opened(ledger).changes(count=count.value, limit=limit, **which)
        for change in found:
            typer.echo(printable(str(change)))
            for label, quotes in (("before", change.quotes_before), ("after", change.quotes_after)):
                for row in quotes.itertuples():
                    sign = SIGNS.get(row.stance, "")
                    words = (
                        f"  {label} {row.date:%Y-%m-%d} {row.outlet or ''}: {sign} {row.content}"
                    )
                    typer.echo(printable(words.replace("\n", " ")))
        if not found:
            say("no pair has enough dated articles (10) to look for a turn")

    _guarded(show)


@app.command()
def compare(
    ledger: LedgerFile,
    by: Annotated[Side, typer.Option("--by", help="What to set side by side.")],
    speaker: Speakers = None,
    target: Targets = None,
    outlet: Outlets = None,
    mode: Modes = Mode.SPEECH,
    since: Since = None,
    until: Until = None,
    issues: Issues = False,
    count: Counts = Count.GROUPS,
    csv: Csv = False,
) -> None:
    """Speakers, outlets or targets side by side, each tested against the others."""

    def show() -> None:
        which = chosen(speaker, target, outlet, mode, since, until, issues)
        _print(opened(ledger).compare(by.value, count=count.value, **which), csv)

    _guarded(show)


@app.command()
def variants(
    ledger: LedgerFile,
    article: Annotated[str, typer.Argument(help="Id of the article.")],
    quote: Annotated[str, typer.Argument(help="Id of the quote there.")],
    csv: Csv = False,
) -> None:
    """How outlets word one quote, and how much of the fullest wording each keeps."""

    def show() -> None:
        try:
            table = opened(ledger).variants(article, quote)
        except KeyError:
            raise InputError(
                f"the ledger has no quote {quote!r} of an article {article!r}"
            ) from None
        _print(table, csv)

    _guarded(show)


@app.command()
def export(
    ledger: LedgerFile,
    folder: Annotated[Path, typer.Argument(help="New or empty folder.")],
    format: Annotated[Files, typer.Option("--format", help="Files to write.")] = Files.PARQUET,
) -> None:
    """Write the whole ledger, its history too, as Parquet, CSV or JSON lines."""

    def show() -> None:
        counts = opened(ledger).export(folder, format.value)
        say(f"{folder}: " + ", ".join(f"{n} {table}" for table, n in counts.items()))

    _guarded(show)


@app.command("import")
def import_(
    ledger: LedgerFile,
    folder: Annotated[Path, typer.Argument(help="What `track export` wrote.")],
) -> None:
    """Fill a new ledger from an export."""
    from quotestance.track.ledger import Ledger

    _guarded(lambda: say(f"{ledger}: {Ledger(ledger).restore(folder)} articles"))


def _guarded(show: Callable[[], None]) -> None:
    try:
        show()
    except QuotestanceError as error:
        fail(error)


def _print(table: pd.DataFrame, csv: bool) -> None:
    if csv:
        typer.echo(table.to_csv(index=False), nl=False)
        return
    console.print(
        printable(table.to_string(index=False, float_format="%.2f", na_rep="")),
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
