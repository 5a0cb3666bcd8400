"""Labelled articles of an invented outlet with a house style of its own, to try fine-tuning on.

    python courier.py FOLDER

writes ``train.jsonl`` (40 articles), ``dev.jsonl`` (10) and ``held-out.jsonl`` (20). The Norrick
Courier opens speech with a dash instead of quotation marks, has verbs of its own, and credits
papers and offices with "per". No person, topic or paper of one file stands in another. All of it
is fiction, made by rule: it shows the way round, not what your own articles will gain.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

SIZES = {"train": 40, "dev": 10, "held-out": 20}
FIRST = "Ilsa Bram Mira Corin Tessa Oren Hedda Jory Petra Wim Sunniva Aldo Runa Casimir Lotte Emrik"
LAST = (
    "Torvane Oskel Dunlath Vash Quillan Halvard Merrow Stannic Brock Aldane Feyer Godrun "
    "Hesketh Ivarsen Jarrow Kestle Lindqvist Marbeck Nyland Osgood Pendry Rask Solberg Thane"
)
ROLES = "harbour master, head of the tram line, baker, chair of the water board, teacher, pilot"
TOPICS = (
    "ferry, tram line, fish market, old bridge, night school, lighthouse, slipway, town hall, "
    "bath house, corn store, ice rink, rope works, weather station, reading room, ring road, "
    "allotment, boat yard, clock tower, kiln, orchard, sea wall, toll gate, museum, bandstand"
)
PAPERS = (
    "the harbour log, the council minutes, a letter to tenants, the fare table, the tide office, "
    "the audit, a note to staff, the parish register, a survey of shops"
)
CLAIMS = (
    "the {topic} will close before {time}", "nobody asked for a new {topic}",
    "the {topic} pays for itself since {time}", "we cannot run the {topic} on good will",
    "a second {topic} would empty the purse of the town by {time}",
    "the {topic} has leaked since {time}", "our children will thank us for the {topic}",
    "whoever sells the {topic} sells Norrick", "the bill for the {topic} is due at {time}",
    "the {topic} must open on Sundays until {time}", "I would not bet a button on the {topic}",
    "the town has put off the {topic} for {number} years", "the {topic} lost {number} crowns a day",
    "there were {number} people at the {topic} when it rained",
    "the roof of the {topic} is good for {number} winters",
)  # fmt: skip
TIMES = (
    "the spring, harvest, the regatta, midsummer, the next vote, the first frost, Easter, "
    "the autumn fair, the new year, low water"
)
VERBS = "opines, quips, ventures, grants, holds, figures, will have it, owns"
PLAIN = (
    "The {topic} stands at the end of {name} Street. It was painted {number} years ago.",
    "On the day of {time} the {topic} was shut, and {number} people went home again.",
    "Rain fell on the {topic} for {number} hours.",
    "– {topic}: {number} crowns from {time}. – Children: free until {time}.",
    "The council met in the {topic} and broke up after {number} minutes.",
)

Row = dict[str, Any]


class Writer:
    """Writes articles with the names and topics of one file."""

    def __init__(self, part: int, parts: int) -> None:
        self.draw = random.Random(part)
        self.first = FIRST.split()
        self.last = LAST.split()[part::parts]
        self.topics = TOPICS.split(", ")[part::parts]
        self.papers = PAPERS.split(", ")[part::parts]

    def article(self, name: str) -> Row:
        """One article: dashes, papers and plain paragraphs in any order."""
        self.text, self.quotes = f"News from the {self.draw.choice(self.topics)}\n\n", []
        kinds = [self.dash, self.dash, self.split, self.paper, self.paper, self.plain, self.plain]
        self.draw.shuffle(kinds)
        for kind in kinds[: self.draw.randint(5, 7)]:
            kind()
            self.text += "\n\n"
        return {"id": name, "outlet": "The Norrick Courier", "date": "2031-05-04",
                "text": self.text.strip(), "quotes": self.quotes}  # fmt: skip

    def filled(self, template: str) -> str:
        """A template with a topic, a time and a number drawn for it."""
        return template.format(
            topic=self.draw.choice(self.topics), time=self.draw.choice(TIMES.split(", ")),
            number=self.draw.randint(2, 90), name=self.draw.choice(self.last),
        )  # fmt: skip

    def add(self, words: str) -> list[int]:
        """Append words; where they stand."""
        start = len(self.text)
        self.text += words
        return [start, len(self.text)]

    def quote(self, content: list[list[int]], cue: list[int], source: list[int], name: str) -> None:
        """Label what was appended; a paper has no name but its own."""
        kind = "document" if name.startswith(("the ", "a ")) else "person"
        self.quotes.append(
            {"id": f"q{len(self.quotes) + 1}", "content": content, "cue": [cue], "source": [source],
             "kind": "indirect", "speakers": [{"name": name, "type": kind}]}
        )  # fmt: skip

    def person(self) -> tuple[str, str]:
        """A name, and the name with its role."""
        name = f"{self.draw.choice(self.first)} {self.draw.choice(self.last)}"
        return name, f"{name}, {self.draw.choice(ROLES.split(', '))}"

    def dash(self) -> None:
        """– The ferry will close, opines Ilsa Torvane, baker."""
        name, full = self.person()
        self.add("– ")
        content = self.add(capital(self.filled(self.draw.choice(CLAIMS))))
        self.add(", ")
        cue = self.add(self.draw.choice(VERBS.split(", ")))
        self.add(" ")
        self.quote([content], cue, self.add(full), name)
        self.add(".")

    def split(self) -> None:
        """– The ferry will close, opines Ilsa Torvane. Nobody asked for a new one."""
        self.dash()
        self.add(" ")
        self.quotes[-1]["content"].append(
            self.add(capital(self.filled(self.draw.choice(CLAIMS))) + ".")
        )

    def paper(self) -> None:
        """The ferry will close, per the harbour log."""
        name = self.draw.choice(self.papers)
        content = self.add(capital(self.filled(self.draw.choice(CLAIMS[:9]))))
        self.add(", ")
        cue = self.add("per")
        self.add(" ")
        self.quote([content], cue, self.add(name), name)
        self.add(".")

    def plain(self) -> None:
        """A paragraph in which nobody is quoted; it may open with a dash, too."""
        self.add(self.filled(self.draw.choice(PLAIN)))


def capital(words: str) -> str:
    """The words with a capital at the start."""
    return words[0].upper() + words[1:]


def main() -> None:
    """Write the three files."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder.mkdir(parents=True, exist_ok=True)
    for part, (name, size) in enumerate(SIZES.items()):
        writer = Writer(part, len(SIZES))
        rows = [writer.article(f"fiction-courier-{name}-{i + 1}") for i in range(size)]
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
