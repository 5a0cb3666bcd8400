"""Build ``quotestance/data/roster.tsv.gz`` from the CC0 roster and our supplement.

    python scripts/build_roster.py /work/shared/corpora/roster.csv

One line a person: name, wikidata, aliases (``|``), then one field a term, each
``role|country|start|end|as_of|source``. The result does not depend on when it is built.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

from quotestance.stages.names import name_words
from quotestance.stages.roster import Person, Roster

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "quotestance" / "data"


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of one CSV file, with no tab or bar inside a field of a term."""
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    for row in found:
        for column, value in row.items():
            clean = " ".join((value or "").split())
            row[column] = clean if column == "aliases" else clean.replace("|", "/")
    return found


def with_ids(supplement: list[dict[str, str]], known: list[dict[str, str]]) -> None:
    """Give people of the supplement the identifier that the roster has for their name.

    Only where one identifier alone carries the name in the same country; for international
    offices, in any country.
    """
    ids: dict[tuple[str, str], set[str]] = {}
    for row in known:
        for name in (row["name"], *row["aliases"].split("|")):
            if row["wikidata"]:
                for country in (row["country"], "International", "European Union"):
                    ids.setdefault((name_key(name), country), set()).add(row["wikidata"])
    for row in supplement:
        names = (row["name"], *filter(None, row["aliases"].split("|")))
        found = set().union(*(ids.get((name_key(n), row["country"]), set()) for n in names))
        if not row["wikidata"] and len(found) == 1:
            row["wikidata"] = next(iter(found))


def name_key(name: str) -> str:
    """A name without case, accents and honorifics."""
    return " ".join(name_words(name))


def same_people(known: list[dict[str, str]]) -> None:
    """Give a row without identifier that of the one person with its name or alias."""
    ids: dict[tuple[str, str], set[str]] = {}
    for row in known:
        if row["wikidata"]:
            ids.setdefault((row["name"], row["country"]), set()).add(row["wikidata"])
    for row in known:
        if not row["wikidata"]:
            names = (row["name"], *row["aliases"].split("|"))
            found = set().union(*(ids.get((n, row["country"]), set()) for n in names))
            if len(found) == 1:
                row["wikidata"] = found.pop()


def common_names(known: list[dict[str, str]]) -> None:
    """Give US legislators the name that the news uses: the nickname, no middle initial.

    The register writes ``Charles E. Schumer``, with ``Chuck Schumer`` as an alias.
    """
    for row in known:
        if row["source"].startswith("congress-legislators"):
            names = [row["name"], *filter(None, row["aliases"].split("|"))]
            given = name_words(row["name"])[0]
            short = [n for n in names[1:] if len(name_words(n)) == 2]
            nick = [n for n in short if name_words(n)[0] != given]
            plain = [row["name"]] if len(name_words(row["name"])) == 2 else short
            best = (nick or plain or names)[0]
            row["name"] = best
            row["aliases"] = "|".join(n for n in names if n != best)


def line(person: Person) -> str:
    """One line of the compact file."""
    terms = ("|".join((t.role, t.country, t.start, t.end, t.as_of, t.source)) for t in person.terms)
    return "\t".join([person.name, person.id or "", "|".join(person.aliases), *terms]) + "\n"


def main() -> None:
    """Write the compact roster."""
    known = rows(Path(sys.argv[1]))
    supplement = rows(DATA / "supplement.csv")
    common_names(known)
    with_ids(supplement, known)
    same_people(known)
    text = "".join(line(person) for person in Roster.of(known + supplement))
    target = DATA / "roster.tsv.gz"
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode("utf-8"))
    sys.stdout.write(f"{target}: {text.count(chr(10))} people, {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
