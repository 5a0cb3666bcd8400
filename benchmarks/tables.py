"""Write the tables of README and model card from ``benchmarks/results/``.

A table stands between ``<!-- table:NAME -->`` and ``<!-- /table -->``; what is between them is
replaced. Run from a checkout::

    python benchmarks/tables.py [--check]

``--check`` writes nothing and fails where a page disagrees with the results.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import track_tables
from challenge import table as challenge_rows
from common import RESULTS, ROOT
from curve_report import table as learning_curve

PAGES = ("README.md", "models/small/README.md", "docs/*.md")
_SLOT = re.compile(r"(<!-- table:([\w-]+) -->\n)(.*?)(<!-- /table -->)", re.DOTALL)
Result = Mapping[str, Any]

QUALITY = (
    ("polnear-dev", "content_token_f1", "content tokens, F1"),
    ("polnear-dev", "exact_f1", "exact content, F1"),
    ("polnear-dev", "relation_f1", "relation, F1"),
    ("polnear-dev", "quoted_relation_f1", "relation of direct quotes, F1"),
    ("polnear-stance-dev", "speaker_right", "named speakers right"),
    ("polnear-stance-dev", "speaker_wrong", "named speakers wrong"),
    ("polnear-stance-dev", "target_match", "target match"),
    ("polnear-stance-dev", "target_name_right", "targets that are named entities, name right"),
    ("polnear-stance-dev", "macro_f1", "stance of quotes found, macro-F1"),
    ("polnear-stance-dev", "given_target_macro_f1", "stance, gold target given, macro-F1"),
    ("polnear-stance-dev", "end_to_end_f1", "quote and speaker, F1"),
    ("newsmtsc-dev", "macro_f1", "stance toward a span, macro-F1"),
    ("dse-dev", "macro_f1", "directed stance, macro-F1"),
    ("dse-dev", "directed_pairs_macro_f1", "directed stance, directed pairs, macro-F1"),
    ("dse-dev", "direction_right", "direction right"),
    ("gap-dev", "gap_f1", "GAP F1"),
    ("gap-dev", "gap_ratio", "GAP F1, feminine over masculine"),
    ("gum-dev", "conll_f1", "CoNLL F1, people and organizations"),
    ("wire-gold", "relation_f1", "relation, F1"),
    ("wire-gold", "speaker_right", "named speakers right"),
    ("wire-gold", "speaker_wrong", "named speakers wrong"),
)
"""Rows of the quality table: corpus, figure, words."""
OF_STANCE = ("macro_f1", "accuracy", "end_to_end_stance_f1")
"""Figures that a baseline of stance decides."""


def quality(result: Result) -> str:
    """Our figures with intervals, the best baseline and two people beside them."""
    rows = [
        "| corpus | figure | quotestance | best baseline | two people |",
        "|---|---|---|---|---|",
    ]
    for name, key, words in QUALITY:
        found = result["corpora"].get(name)
        ours = found and found["systems"]["quotestance"].get(key)
        if not ours or ours["value"] is None:
            continue
        people = (found["two_people"] or {}).get(key)
        agreed = f"{people['value']:.1f}" if people and people["value"] is not None else ""
        cells = [name, words, _with_interval(ours), _baseline(found["systems"], key), agreed]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([*rows, "", _made_by(result)])


def _with_interval(figure: Mapping[str, float | None]) -> str:
    if figure["low"] is None:
        return f"{figure['value']:.1f}"
    return f"{figure['value']:.1f} ({figure['low']:.1f} to {figure['high']:.1f})"


def _baseline(systems: Mapping[str, Any], key: str) -> str:
    """The best baseline that gives the figure at all; none for shares of wrong ones.

    What classifies the stance of our own quotes is a baseline of stance alone.
    """
    values = {
        name: figures[key]["value"]
        for name, figures in systems.items()
        if name != "quotestance"
        and (key in OF_STANCE or not name.startswith("our quotes"))
        and figures.get(key, {}).get("value") is not None
    }
    if not values or key == "speaker_wrong" or not any(values.values()):
        return ""
    best = max(values, key=values.__getitem__)
    return f"{values[best]:.1f} ({best})"


def challenge(result: Result) -> str:
    """Pass rate by phenomenon."""
    return "\n".join([challenge_rows(result), "", _command(result["command"], result["commit"])])


def speed(result: Result) -> str:
    """Speed by article length and batch size, and that of the peers installed."""
    rows = [
        "| words an article | batch | articles/s | tokens/s | bare encoder, share of the time |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| {c['words_per_article']} | {c['batch_size']} | {c['articles_per_second']} | "
        f"{c['tokens_per_second']} | {c['bare_encoder_share']:.0f} % |"
        for c in result["cells"]
    ]
    made = result["provenance"]
    words = [
        f"On {made['machine']['cpu']}, {result['threads']} threads; "
        f"{result['seconds_to_load_and_read_one_article']:.1f} s to load the model and read the "
        "first article.",
        "Resolving speakers and targets to names makes it "
        f"{result['cost_of_names']:.2f} times as long.",
    ]
    peers = result["peers_articles_per_second"].items()
    if peers:
        rates = ", ".join(f"{name} {rate:,.0f}" for name, rate in peers)
        words.append(f"Peers, articles/s of {result['peers_words']} words: {rates}.")
    text = " ".join([*words, *result["notes"]])
    return "\n".join([*rows, "", text, "", _made_by(result)])


def memory(result: Result) -> str:
    """Peak memory by number and length of articles."""
    words = {
        "load": "model loaded, nothing read",
        "seed": "the seed article",
        "count": f"{{}} articles of {result['words_per_article']} words",
        "length": "one article of {} characters",
    }
    rows = ["| read | peak memory, MB |", "|---|---|"]
    rows += [
        f"| {words[c['case']].format(format(c['size'], ','))} | {c['peak_mb']:.0f} |"
        for c in result["cases"]
    ]
    return "\n".join([*rows, "", _made_by(result)])


def example(result: Result) -> str:
    """The quotes of the seed article; where the hand label differs, it stands in brackets."""
    rows = ["| quote | speaker | toward | stance |", "|---|---|---|---|"]
    for row in result["rows"]:
        label, found = row["label"], row["found"]
        cells = [_short((found or label)["words"])]
        for key in ("speaker", "target", "stance"):
            given = _said(found[key]) if found else "*not found*"
            wanted = _said(label[key]) if label else "no quote"
            cells.append(given if key in row["right"] else f"{given} (label: {wanted})")
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([*rows, "", _made_by(result)])


def _said(value: str | list[str] | None) -> str:
    return (", ".join(value) if isinstance(value, list) else value) or "none"


def _short(words: str, most: int = 60) -> str:
    return words if len(words) <= most else words[: most - 1].rpartition(" ")[0] + " …"


def wrong(result: Result) -> str:
    """What goes wrong how often, in sentences."""
    figures = {name: found["systems"]["quotestance"] for name, found in result["corpora"].items()}

    def value(corpus: str, key: str, of: float = 0) -> str:
        found = figures[corpus][key]["value"]
        return f"{abs(of - found):.0f} %"

    news, named = "polnear-dev", "polnear-stance-dev"
    lines = [
        f"Of the attributions that people mark, {value(news, 'half_overlap_recall', 100)} are not "
        f"found; of those it gives, {value(news, 'half_overlap_precision', 100)} match none. "
        f"Where the words are found, they are exactly the same in "
        f"{_share(figures[news], 'exact_recall', 'half_overlap_recall')}.",
        f"Of the quotes found whose speaker has a name, {value(named, 'speaker_wrong')} get "
        f"another name and {value(named, 'speaker_withheld')} get none. By what the source is: "
        + ", ".join(
            f"{kind} {value(named, f'speaker_right_{kind}')} right"
            for kind in ("name", "title", "pronoun", "organization")
        )
        + f". An unnamed speaker is given a name in {value(named, 'speaker_invented')}.",
        f"Channels (`via`) reach F1 {_plain(figures[named], 'via_f1')}, denials "
        f"{_plain(figures[named], 'denied_f1')}.",
        f"The stance of a quote found is wrong in {value(named, 'accuracy', 100)}, its target in "
        f"{value(named, 'target_match', 100)}; quote, speaker and stance are all right with F1 "
        f"{_plain(figures[named], 'end_to_end_stance_f1')}.",
    ]
    return "\n".join([*(f"- {line}" for line in lines), "", _made_by(result)])


def _share(figures: Mapping[str, Any], part: str, whole: str) -> str:
    return f"{100 * figures[part]['value'] / figures[whole]['value']:.0f} %"


def _plain(figures: Mapping[str, Any], key: str) -> str:
    return f"{figures[key]['value']:.0f}"


ABLATIONS = {
    "polnear-dev": {
        "content_token_f1": "content tokens, F1",
        "source_token_f1": "source tokens, F1",
        "exact_f1": "exact content, F1",
        "relation_f1": "relation, F1",
        "quoted_relation_f1": "relation of direct quotes, F1",
    },
    "polnear-stance-dev": {
        "macro_f1": "stance, macro-F1",
        "accuracy": "stance, accuracy",
        "target_match": "target match",
    },
}
"""Columns of the tables of ablations, by corpus."""


def ablations(result: Result) -> str:
    """What remains without one part at a time, a table a corpus."""
    parts = []
    for corpus, columns in ABLATIONS.items():
        parts += ["| " + " | ".join([corpus, *columns.values()]) + " |"]
        parts += ["|---" * (len(columns) + 1) + "|"]
        for name, figures in result[corpus].items():
            cells = [f"{figures[key]['value']:.1f}" for key in columns]
            parts.append("| " + " | ".join([name, *cells]) + " |")
        parts.append("")
    return "\n".join([*parts, _made_by(result)])


def calibration(result: Result) -> str:
    """Expected calibration error before and after calibration, a row a corpus and a kind."""
    lines = ["| corpus | probabilities of | before | after |", "|---|---|---|---|"]
    for corpus, figures in result["corpora"].items():
        for key, label in (("ece_quote", "quotes"), ("ece", "stance")):
            pair = [figures[when].get(key) for when in ("before", "after")]
            if all(figure is not None and figure["value"] is not None for figure in pair):
                cells = [f"{f['value']:.1f} ({f['low']:.1f} to {f['high']:.1f})" for f in pair]
                lines.append("| " + " | ".join([corpus, label, *cells]) + " |")
    return "\n".join([*lines, "", _made_by(result)])


def _made_by(result: Result) -> str:
    made = result["provenance"]
    return _command(made["command"], made["commit"])


def _command(command: str, commit: str | None) -> str:
    return f"Made by `{command}` at commit `{(commit or 'unknown')[:9]}`."


BUILDERS: dict[str, tuple[str, Callable[[Result], str]]] = {
    "quality": ("quality", quality),
    "wrong": ("quality", wrong),
    "challenge": ("challenge", challenge),
    "example": ("example", example),
    "ablations": ("ablations", ablations),
    "calibration": ("calibration", calibration),
    "speed": ("speed", speed),
    "memory": ("memory", memory),
    "learning_curve": ("learning_curve", learning_curve),
    "coverage": ("trend_coverage", track_tables.coverage),
    "turns": ("change_points", track_tables.turns),
    "growth": ("ledger_scale", track_tables.growth),
}
"""Result file and builder of each table."""


def fill(text: str, results: Path = RESULTS) -> str:
    """A page with its tables written anew; a table without a result file is left empty."""

    def slot(match: re.Match[str]) -> str:
        name = match[2]
        if name not in BUILDERS:
            raise SystemExit(f"no table named {name}; expected one of {', '.join(BUILDERS)}")
        source, build = BUILDERS[name]
        file = results / f"{source}.json"
        body = ""
        if file.is_file():
            body = build(json.loads(file.read_text(encoding="utf-8"))) + "\n"
        return match[1] + body + match[4]

    return _SLOT.sub(slot, text)


def pages() -> list[Path]:
    """The pages that may hold tables."""
    return sorted(path for pattern in PAGES for path in ROOT.glob(pattern))


def outdated() -> list[str]:
    """Pages that disagree with the results."""
    return [
        str(page.relative_to(ROOT))
        for page in pages()
        if (text := page.read_text(encoding="utf-8")) != fill(text)
    ]


def main() -> None:
    """Write the tables, or check them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if outdated")
    args = parser.parse_args()
    stale = outdated()
    if args.check and stale:
        raise SystemExit(f"outdated, run python benchmarks/tables.py: {', '.join(stale)}")
    for name in stale:
        page = ROOT / name
        page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
