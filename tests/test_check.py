"""Planted faults are found, each by its line; nothing is found on clean files."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from quotestance.checking import check_files, repair_file
from quotestance.checking.duplicates import Duplicates
from quotestance.checking.names import Names
from quotestance.checking.units import BYTES, CODE_POINTS, UTF16, Offsets, cuts, decide, pairs_of
from quotestance.cli import app
from quotestance.errors import InputError

TOPICS = ("harbour", "railway", "hospital", "bridge", "school", "market", "library", "airport")
STANCES = ("supportive", "critical", "neutral")


def find(text, words):
    start = text.index(words)
    return [start, start + len(words)]


def article(number):
    """A clean article of three quotes; the emoji and the accent make the units differ."""
    topic, rival = TOPICS[number], TOPICS[(number + 3) % len(TOPICS)]
    text = (
        f"🚢 The {topic} dispute of Port Calé enters week {number + 2}.\n\n"
        f"“We will reopen the {topic} before winter number {number},” Mayor Orsa Venn said.\n\n"
        f"Union leader Tomas Brill called the {rival} plan {number} “a costly mistake”.\n\n"
        f"According to Calé Ferries, {number + 10} boats served the {topic} in May. "
        f"Nobody at the {rival} gate of district {number} would say who paid for them."
    )
    said = [
        (f"“We will reopen the {topic} before winter number {number},”", "said",
         "Mayor Orsa Venn", "Orsa Venn", "person", f"the {topic}"),
        ("“a costly mistake”", "called", "Union leader Tomas Brill", "Tomas Brill", "person",
         f"the {rival} plan {number}"),
        (f"{number + 10} boats served the {topic} in May", "According to", "Calé Ferries",
         "Calé Ferries", "organization", f"the {topic}"),
    ]  # fmt: skip
    quotes = [
        {"id": f"q{i + 1}", "content": [find(text, content)], "cue": [find(text, cue)],
         "source": [find(text, source)], "kind": "indirect" if i == 2 else "direct",
         "speakers": [{"name": name, "type": type_, "mention": find(text, source)}], "via": [],
         "polarity": "affirmed", "mode": "speech", "stance": STANCES[i], "target": target,
         "target_type": "issue", "target_span": find(text, target)}
        for i, (content, cue, source, name, type_, target) in enumerate(said)
    ]  # fmt: skip
    return {"id": f"fiction-{number}", "outlet": "Calé Courier", "date": "2031-05-04",
            "text": text, "quotes": quotes}  # fmt: skip


@pytest.fixture
def rows():
    return [article(i) for i in range(len(TOPICS))]


def write(path: Path, rows) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8", newline="\n")
    return path


def shift(row, unit):
    """The record with its offsets counted in another unit."""
    row = copy.deepcopy(row)
    offsets = Offsets(row["text"], unit)
    for _, pair in pairs_of(row):
        pair[:] = [offsets.units(p) for p in pair]
    return row


def test_clean_files_have_no_faults(tmp_path, rows):
    train = write(tmp_path / "train.jsonl", rows[:5])
    dev = write(tmp_path / "dev.jsonl", rows[5:])
    report = check_files([train, dev])
    assert report.faults == ()
    assert report.clean
    assert (report.summary.articles, report.summary.quotes) == (8, 24)
    assert report.summary.classes["stance"] == {"supportive": 8, "critical": 8, "neutral": 8}


def _range(row):
    row["quotes"][0]["content"][0][1] = 10_000


def _word(row):
    row["quotes"][1]["cue"][0][1] -= 2


def _crossing(row):
    first = row["quotes"][0]["content"][0]
    row["quotes"].append({"id": "q9", "content": [[first[0] + 4, first[1] + 6]]})


def _far(row):
    row["text"] += " The council met again." * 40 + " Orsa Venn left."
    row["quotes"][0]["source"] = [[len(row["text"]) - 15, len(row["text"]) - 6]]


def _label(row):
    row["quotes"][2]["stance"] = "Critcal"


def _key(row):
    row["quotes"][0]["speaker"] = row["quotes"][0].pop("speakers")


def _bytes(row):
    row |= shift(row, BYTES)


def _utf16(row):
    row |= shift(row, UTF16)


def _names(row):
    row["quotes"][1]["speakers"][0]["name"] = "Thomas Brill"


def _order(row):
    row["quotes"][0]["content"] = [[70, 80], [60, 75]]


def _no_content(row):
    del row["quotes"][1]["content"]


def _date(row):
    row["date"] = "4 May 2031"


PLANTED = [
    (_range, "range", ", 10000]; offsets count", "quotes[0].content[0]"),
    (_word, "cut-word", "s Brill call|ed the", "quotes[1].cue[0]"),
    (_crossing, "crossing", "of quotes[0]", "quotes[3].content"),
    (_far, "far-source", "away; mark the mention nearest", "quotes[0].source[0]"),
    (_label, "unknown-label", "'Critcal'; write 'critical'?", "quotes[2].stance"),
    (_key, "unknown-key", "'speaker'; write 'speakers'?", "quotes[0].speaker"),
    (_bytes, "unit", "found UTF-8 bytes", ""),
    (_utf16, "unit", "found UTF-16 units", ""),
    (_names, "names", "'Thomas Brill', and 'Tomas Brill' in line 1", "speakers[0].name"),
    (_order, "order", "[70, 80] before [60, 75]", "quotes[0].content"),
    (_no_content, "format", "found no such key", "quotes[1].content"),
    (_date, "format", "'4 May 2031'", "date"),
]


@pytest.mark.parametrize(("plant", "kind", "found", "field"), PLANTED)
def test_one_planted_fault_is_named_by_line(tmp_path, rows, plant, kind, found, field):
    plant(rows[2])
    file = write(tmp_path / "a.jsonl", rows)
    faults = [f for f in check_files([file]).faults if f.kind == kind]
    assert len(faults) == 1
    message = str(faults[0])
    assert message.startswith(f"{file}:3: {kind}: ")
    assert found in message
    assert field in message
    assert "expected " in message


def test_ten_faults_in_one_file_are_all_found_and_nothing_else(tmp_path, rows):
    for row, plant in zip(rows, (_range, _word, _crossing, _label, _key, _bytes, _utf16, _far),
                          strict=True):  # fmt: skip
        plant(row)
    exact = article(0) | {"id": "fiction-copy"}
    near = article(6) | {"id": "fiction-near", "quotes": []}
    near["text"] = near["text"].replace("Nobody", "No one") + " The end."
    file = write(tmp_path / "a.jsonl", [*rows, near, exact])
    faults = check_files([file]).faults
    assert [(f.line, f.kind) for f in faults] == [
        (1, "range"), (2, "cut-word"), (3, "crossing"), (4, "unknown-label"), (5, "unknown-key"),
        (6, "unit"), (7, "unit"), (8, "far-source"), (9, "near-duplicate"), (10, "duplicate"),
    ]  # fmt: skip


def test_duplicates_within_and_across_files(tmp_path, rows):
    near = copy.deepcopy(rows[0]) | {"id": "fiction-near"}
    near["text"] = near["text"].replace("enters", "is in")
    near["quotes"] = []
    first = write(tmp_path / "a.jsonl", [*rows[:3], rows[1] | {"id": "fiction-copy"}])
    second = write(tmp_path / "b.jsonl", [near, rows[2]])
    messages = [str(f) for f in check_files([first, second]).faults]
    assert len(messages) == 3
    assert messages[0].startswith(f"{first}:4: duplicate: text: ")
    assert "the text of line 2 word for word" in messages[0]
    assert messages[1].startswith(f"{second}:1: near-duplicate: text: ")
    assert f"of the word triples of {first}:1" in messages[1]
    assert messages[2].startswith(f"{second}:2: duplicate: ")
    assert "must not be tuned on what it was trained on" in messages[2]


def test_a_key_of_ones_own_is_told_once_a_file(tmp_path, rows):
    for row in rows:
        row["desk"] = "politics"
        row["quotes"][1]["checked by"] = "AB"
    faults = check_files([write(tmp_path / "a.jsonl", rows)]).faults
    assert [(f.line, f.kind, f.field) for f in faults] == [
        (1, "unknown-key", "desk"),
        (1, "unknown-key", "quotes[1].checked by"),
    ]
    assert "'desk' in 8 records; put data of your own under 'meta'" in str(faults[0])


def test_repeated_ids(tmp_path, rows):
    rows[3]["id"] = rows[1]["id"]
    rows[0]["quotes"][2]["id"] = "q1"
    faults = check_files([write(tmp_path / "a.jsonl", rows)]).faults
    assert [(f.line, f.kind, f.field) for f in faults] == [
        (1, "repeated-id", "quotes[2].id"),
        (4, "repeated-id", "id"),
    ]


def test_a_missing_class_is_a_fault_only_with_enough_quotes(tmp_path, rows):
    for row in rows:
        for quote in row["quotes"]:
            if quote["stance"] == "neutral":
                quote["stance"] = "critical"
    faults = check_files([write(tmp_path / "a.jsonl", rows)]).faults
    assert [(f.line, f.kind) for f in faults] == [(1, "balance")]
    assert "0 neutral of 24 labelled quotes" in str(faults[0])
    assert check_files([write(tmp_path / "b.jsonl", rows[:4])]).clean


def test_lines_that_do_not_parse(tmp_path, rows):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(rows[0]) + '\n{"id": 1,\n[1]\n{"id": "x"}\n', encoding="utf-8")
    faults = check_files([file]).faults
    assert [(f.line, f.kind) for f in faults] == [(n, "format") for n in (2, 3, 4, 4)]
    assert "column" in faults[0].found
    assert faults[1].expected == "a JSON object"
    assert [f.field for f in faults[2:]] == ["text", "quotes"]
    assert 'nobody is quoted has "quotes": []' in faults[3].hint


def test_the_same_quote_twice(tmp_path, rows):
    rows[0]["quotes"].append(rows[0]["quotes"][0] | {"id": "q4"})
    faults = check_files([write(tmp_path / "a.jsonl", rows)]).faults
    assert [(f.line, f.kind, f.field) for f in faults] == [(1, "duplicate", "quotes[3]")]


@pytest.mark.parametrize("unit", [BYTES, UTF16])
def test_repair_gives_back_the_clean_records(tmp_path, rows, unit):
    rows[0]["note of mine"] = "kept"
    shifted = [shift(row, unit) if i != 4 else row for i, row in enumerate(rows)]
    file = write(tmp_path / "a.jsonl", shifted)
    before = file.read_bytes()
    out = tmp_path / "out.jsonl"
    assert repair_file(file, out) == {i: unit for i in (1, 2, 3, 4, 6, 7, 8)}
    assert [json.loads(line) for line in out.read_text().splitlines()] == rows
    assert file.read_bytes() == before


def test_a_single_slip_is_not_taken_for_another_unit(rows):
    row = rows[0]
    row["quotes"][0]["content"][0][0] += 2
    assert decide({CODE_POINTS: 1, BYTES: 30, UTF16: 30}) == CODE_POINTS
    assert decide({CODE_POINTS: 1, UTF16: 0}) is None
    assert decide({CODE_POINTS: 0}) is None


def test_plain_text_is_never_in_another_unit(tmp_path):
    text = "The mayor of Eastmoor said the pier will close on Friday."
    rows = [{"id": "fiction-1", "text": text, "quotes": [
        {"id": "q1", "content": [find(text, "the pier will close")], "cue": [find(text, "said")]}
    ]}]  # fmt: skip
    assert check_files([write(tmp_path / "a.jsonl", rows)]).clean


def test_words_marks_and_scripts():
    assert cuts("harbour", 3)
    assert not cuts("harbour wall", 7)
    assert not cuts("don't", 3)
    assert cuts("e\u0301a", 1)
    assert cuts("👩\u200d🚒", 1)
    assert not cuts("東京都", 1)
    assert not cuts("word", 0)
    assert not cuts("word", 4)


@settings(max_examples=60, deadline=None)
@given(st.text(), st.data())
def test_offsets_convert_both_ways(text, data):
    place = data.draw(st.integers(0, len(text)))
    encodings = {BYTES: len(text[:place].encode("utf-8", "surrogatepass")),
                 UTF16: len(text[:place].encode("utf-16-le", "surrogatepass")) // 2}  # fmt: skip
    for unit, expected in encodings.items():
        offsets = Offsets(text, unit)
        assert offsets.units(place) == expected
        assert offsets.code_points(expected) == place


@settings(max_examples=40, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(
                        st.sampled_from(["id", "text", "quotes", "content", "speakers", "mention",
                                         "source", "entities", "date", "stance"]), inner),
                    max_leaves=20))  # fmt: skip
def test_any_json_gives_faults_and_no_exception(tmp_path_factory, value):
    file = tmp_path_factory.mktemp("any") / "a.jsonl"
    file.write_text(json.dumps(value) + "\n", encoding="utf-8")
    for fault in check_files([file]).faults:
        assert str(fault).startswith(f"{file}:1: ")


def test_near_duplicates_are_found_among_many():
    words = [f"word{i}" for i in range(400)]
    texts = [" ".join(words[i : i + 40]) for i in range(0, 360, 40)]
    seen = Duplicates()
    assert [seen.add(text) for text in texts] == [None] * 9
    number, share = seen.add(texts[4].replace("word170", "other"))
    assert number == 4
    assert 0.8 < share < 1
    assert seen.add("") is None
    assert seen.add("two words") is None
    assert seen.add("two words") == (11, 1.0)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Ana Delmar", "Anna Delmar", True),
        ("Sefa Koç", "Sefa Koc", True),
        ("Ban-Ri Moor", "Ban Ri Moor", True),
        ("Wei Lan", "Lan Wei", True),
        ("Ana Delmar", "Ivo Delmar", False),
        ("Harbour Board", "Harbour Boards", False),
        ("Delmar", "Delmir", False),
        ("Carl Venn", "Carla Vern", False),
        ("Ana Delmar", "Ana J. Delmar", True),
        ("Ana Delmar", "Senator Ana Delmar", True),
        ("Ana B. Delmar", "Ana C. Delmar", False),
        ("Ana Delmar", "Ana Delmar Jr.", False),
    ],
)
def test_spellings(a, b, same):
    from quotestance.quotes import Quote, Span, Speaker

    names = Names()
    for line, name in ((1, a), (2, a), (3, b)):
        quote = Quote("q1", (Span(0, 1),), speakers=(Speaker(name, "person"),))
        names.add("f", line, {0: quote})
    found = [(place[1], rarer, other) for place, rarer, other, _ in names.pairs()]
    assert found == ([(3, b, a)] if same else [])


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Free Port of Calé", "FP of Calé", True),
        ("F.P. of Calé", "Free Port of Calé", True),
        ("Harbour Workers Union", "HWU", True),
        ("Free Port of Calé", "Fp of Calé", False),
        ("Free Port of Norrick", "FP of Calé", False),
    ],
)
def test_initials_of_organizations(a, b, same):
    from quotestance.quotes import Quote, Span, Speaker

    names = Names()
    for line, name in ((1, a), (2, b)):
        quote = Quote("q1", (Span(0, 1),), speakers=(Speaker(name, "organization"),))
        names.add("f", line, {0: quote})
    assert len(list(names.pairs())) == same


def test_a_surname_beside_its_full_name_in_one_article():
    from quotestance.quotes import Quote, Span, Speaker

    names = Names()
    pair = {i: Quote(f"q{i}", (Span(0, 1),), speakers=(Speaker(n, "person"),))
            for i, n in enumerate(("Orsa Venn", "Venn"))}  # fmt: skip
    names.add("f", 7, pair)
    assert [(p[1], a, b) for p, a, b, _ in names.pairs()] == [(7, "Venn", "Orsa Venn")]


class TestCommand:
    run = staticmethod(lambda *args: CliRunner().invoke(app, ["check", *map(str, args)]))

    def test_clean(self, tmp_path, rows):
        result = self.run(write(tmp_path / "a.jsonl", rows))
        assert result.exit_code == 0
        assert result.stdout == ""
        assert "8 articles, 24 quotes, 0 faults" in result.stderr
        assert "stance: supportive 8 (33%)" in result.stderr

    def test_faults(self, tmp_path, rows):
        _word(rows[1])
        file = write(tmp_path / "a.jsonl", rows)
        result = self.run(file)
        assert result.exit_code == 1
        assert result.stdout.startswith(f"{file}:2: cut-word: quotes[1].cue[0]: expected ")

    def test_missing_file(self, tmp_path):
        result = self.run(tmp_path / "none.jsonl")
        assert result.exit_code == 2
        assert "cannot be read" in result.stderr

    def test_repair_writes_a_new_file(self, tmp_path, rows):
        file = write(tmp_path / "a.jsonl", [shift(row, UTF16) for row in rows])
        before = file.read_bytes()
        result = self.run(file, "--repair")
        assert result.exit_code == 1
        assert file.read_bytes() == before
        mended = tmp_path / "a.repaired.jsonl"
        assert f"{mended}: 8 records mended" in result.stderr
        assert check_files([mended]).clean
        again = self.run(file, "--repair")
        assert again.exit_code == 2
        assert "exists already" in again.stderr

    def test_repair_in_place_only_when_named(self, tmp_path, rows):
        file = write(tmp_path / "a.jsonl", [shift(row, BYTES) for row in rows])
        assert self.run(file, "--repair", "--output", file).exit_code == 1
        assert self.run(file).exit_code == 0

    def test_output_without_repair(self, tmp_path, rows):
        file = write(tmp_path / "a.jsonl", rows)
        result = self.run(file, "--output", tmp_path / "b.jsonl")
        assert result.exit_code == 2
        assert "--repair" in result.stderr


def test_repair_refuses_lines_that_do_not_parse(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text("{\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl:1"):
        repair_file(file, tmp_path / "b.jsonl")
