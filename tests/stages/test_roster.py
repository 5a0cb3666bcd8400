import csv
import json
from pathlib import Path

import pytest

from quotestance.errors import InputError
from quotestance.stages.offices import Period, office
from quotestance.stages.roster import Roster

FICTION = Path(__file__).parent / "data" / "fiction_roster.csv"


@pytest.fixture(scope="module")
def roster():
    return Roster.read(FICTION)


def name(person):
    return person and person.name


def test_an_office_is_looked_up_at_a_date(roster):
    assert name(roster.lookup_role("prime minister", "Osmere", "2030-06-01")) == "Petra Voss"
    assert name(roster.lookup_role("Prime Minister", "Osmere", "2031-05-01")) == "Tobias Lind"
    assert name(roster.lookup_role("minister of foreign affairs", "Morvena", "2031-01-01")) == (
        "Anselm Drewitt"
    )


def test_two_holders_or_no_date_or_no_country_withhold(roster):
    assert roster.lookup_role("prime minister", "Osmere", "2031-04-15") is None
    assert roster.lookup_role("prime minister", "Osmere", None) is None
    assert roster.lookup_role("prime minister", None, "2030-06-01") is None


def test_an_empty_end_counts_only_up_to_its_date_of_record(roster):
    assert name(roster.lookup_role("premier", "Velmark", "2031-06-30")) == "Bo Ren-shu"
    assert roster.lookup_role("premier", "Velmark", "2031-07-01") is None
    assert roster.lookup_role("foreign minister", "Morvena", "2032-01-01") is None


def test_a_name_of_two_people_needs_country_or_date(roster):
    assert roster.lookup_name("Gideon Marrow", "2029-06-01") is None
    assert roster.lookup_name("Gideon Marrow", "2029-06-01", "Osmere").id == "Q9000005"
    assert roster.lookup_name("Gideon Marrow", "2026-06-01").id == "Q9000004"


def test_names_in_other_order_and_misspelt(roster):
    assert roster.lookup_name("Szabados Ilka").id == "Q9000002"
    found = roster.lookup_misspelt("Anselm Drewett", "Foreign Minister", "Morvena", None)
    assert name(found) == "Anselm Drewitt"
    assert roster.lookup_misspelt("Anselm Drewett", "Senator", "Morvena", None) is None


def test_the_users_roster_wins_over_the_built_in_one(roster):
    mine = Roster.of(
        [
            {
                "name": "Ilka Szabados-Lind",
                "role": "President",
                "country": "Taldoria",
                "start": "2030",
                "end": "2032",
            }
        ]
    )
    both = mine.over(roster)
    assert name(both.lookup_role("president", "Taldoria", "2031-01-01")) == "Ilka Szabados-Lind"
    assert name(both.lookup_role("president", "Taldoria", "2029-01-01")) == "Ilka Szabados"


def test_the_built_in_roster_knows_offices_at_their_dates():
    builtin = Roster.builtin()
    assert len(builtin) > 9000
    at = "2023-06-19"
    assert name(builtin.lookup_role("foreign minister", "China", at)) == "Qin Gang"
    assert name(builtin.lookup_role("foreign minister", "China", "2021-06-19")) == "Wang Yi"
    blinken = builtin.lookup_role("Secretary of State", "United States", at)
    assert (name(blinken), blinken.id) == ("Antony Blinken", "Q7821917")
    assert builtin.lookup_role("president", "United States", "2040-01-01") is None


def test_the_empty_roster_knows_nobody():
    assert len(Roster.empty()) == 0
    assert Roster.empty().lookup_name("Petra Voss") is None
    assert Roster.empty().lookup_role("president", "Osmere", "2030-01-01") is None


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "text", "where", "message"),
    [
        ("r.csv", "person,role\nA,B\n", ":1", "expected a column 'name', found person, role"),
        ("r.csv", "name,start\nA B,2031\nC D,31 May\n", ":3", "found '31 May'"),
        ("r.csv", "name,end\nA B,2031-13\n", ":2", "field 'end'"),
        ("r.csv", "name,start,end\nA B,2031,2030\n", ":2", "on or after the start '2031'"),
        ("r.csv", "name\nA,B\n", ":2", "field 'row': expected 1 fields at most, found 2"),
        ("r.csv", "name,role,role\nA,B,C\n", ":1", "field 'role': expected one column of that"),
        (
            "r.csv", "name,wikidata\nA,http://x\n", ":2",
            "field 'wikidata': expected Q and digits, found 'http://x'",
        ),
        ("r.csv", "name,role\n,B\n", ":2", "field 'name'"),
        ("r.json", '{"name": "A B"}', "", "expected a list of objects, found dict"),
        ("r.json", '[{"name": 5}]', "", "field '[0].name': expected a string, found 5"),
        ("r.json", '[{"name": "A", "wikidata": "42"}]', "", "field '[0].wikidata': expected Q and"),
        (
            "r.json", '[{"name": "A", "aliases": ["B", 1]}]', "",
            "field '[0].aliases': expected a string or a list of strings, found ['B', 1]",
        ),
        ("r.jsonl", '{"name": "A B"}\n{"name": \n', ":2", "not JSON"),
        ("r.jsonl", '{"name": "A B"}\n[]\n', ":2", "expected an object, found list"),
        ("r.txt", "", "", "ends in .csv, .json or .jsonl"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_file_line_and_field(tmp_path, file, text, where, message):
    path = write(tmp_path / file, text)
    with pytest.raises(InputError) as raised:
        Roster.read(path)
    assert str(raised.value).startswith(f"{path}{where}")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("r.csv", "name,title,role\nA B,x,Mayor\nA B\nA B,x,Mayor\n"),
        ("r.json", '[{"name": "A B", "role": "Mayor"}, {"name": "A B", "title": "x"}]'),
        ("r.jsonl", '{"name": "A B", "title": "x"}\n{"name": "A B", "title": "x"}\n'),
    ],
)
def test_a_column_that_nobody_reads_is_told_once_and_the_rows_are_kept(tmp_path, file, text):
    path = write(tmp_path / file, text)
    with pytest.warns(UserWarning, match="columns that a roster does not read: title; ") as told:
        found = Roster.read(path)
    assert len(told) == 1
    assert str(path) in str(told[0].message)
    assert found.lookup_name("A B").name == "A B"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_another_separator_than_the_comma_is_told(tmp_path, mark):
    path = write(tmp_path / "r.csv", f"name{mark}role\nA{mark}B\n")
    with pytest.raises(InputError, match="expected a column 'name'") as raised:
        Roster.read(path)
    assert raised.value.hint == f"separate the columns by commas, not by {mark!r}"


def test_a_roster_shows_how_many_it_knows(roster):
    assert repr(roster) == "Roster(people=7)"
    assert repr(Roster.empty()) == "Roster(people=0)"


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        Roster.read(tmp_path / "none.csv")


def test_json_with_a_list_of_aliases(tmp_path):
    rows = [{"name": "Petra Voss", "aliases": ["P. Voss-Lind"], "wikidata": None}]
    found = Roster.read(write(tmp_path / "r.json", json.dumps(rows)))
    assert next(iter(found)).aliases == ("P. Voss-Lind",)


def big(path, rows):
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["name", "role", "country", "start", "end", "wikidata"])
        out.writerows(
            [f"Given{i} Family{i % 5000}", "Mayor", "Osmere", "2030", "2031", f"Q{i}"]
            for i in range(rows)
        )
    return path


def test_a_hundred_thousand_rows_load(tmp_path):
    found = Roster.read(big(tmp_path / "big.csv", 100_000))
    assert len(found) == 100_000
    assert found.lookup_name("Given7 Family7", "2030-05-05").id == "Q7"
    assert found.lookup_name("Given7 Family8", "2030-05-05") is None


def test_a_bad_row_after_many_good_ones_is_named(tmp_path):
    path = big(tmp_path / "big.csv", 1000)
    with path.open("a") as file:
        file.write("Petra Voss,Mayor,Osmere,2030,2029,\n")
    with pytest.raises(InputError) as raised:
        Roster.read(path)
    assert str(raised.value) == (
        f"{path}:1002: field 'end': expected an end on or after the start '2030', found '2029'"
    )


def test_rows_of_one_person_are_joined(tmp_path):
    path = write(
        tmp_path / "r.csv",
        "wikidata,role,country,name,aliases\n"
        "Q9000009,Mayor,Osmere,Petra Voss-Lind,P. Lind\n"
        "Q9000009,Senator,Osmere,Petra Lind,P. Lind|Pia Lind | \n"
        "\n"
        ",Mayor,Morvena,Éda Marrow,\n"
        ",Senator,Morvena,Eda Marrow,\n",
    )
    voss, marrow = Roster.read(path)
    assert (voss.name, voss.id) == ("Petra Voss-Lind", "Q9000009")
    assert voss.aliases == ("P. Lind", "Pia Lind", "Petra Lind")
    assert [term.role for term in voss.terms] == ["Mayor", "Senator"]
    assert (marrow.name, marrow.id, marrow.aliases) == ("Éda Marrow", None, ("Eda Marrow",))


def test_a_name_is_found_by_any_way_of_writing_it():
    roster = Roster.of(
        [{"name": "Ileana Róss-Marrow", "aliases": "I. M. O’Venn|Voss Ileana"}, {"name": "Jo Venn"}]
    )
    (layer,) = roster.layers
    for words in (("ileana", "ross-marrow"), ("voss", "ileana")):
        assert list(layer.named(words)) == [0]
    for words in (("ross-marrow",), ("marrow",), ("ross",), ("o'venn",)):
        assert list(layer.surnamed(words)) == [0]
    assert list(layer.surnamed(("venn",))) == [1]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Minister of Foreign Affairs", "foreign minister"),
        ("Minister for Foreign Affairs of Osmere", "Foreign Minister"),
        ("Foreign Secretary", "foreign minister"),
        ("United States Secretary of State", "secretary of state"),
        ("Secretary of the Treasury", "Treasury Secretary"),
        ("Minister of Defence", "defense minister"),
        ("President of the Republic of Osmere", "president"),
    ],
)
def test_wordings_of_one_office(a, b):
    assert office(a) == office(b)


def test_periods_of_any_precision():
    period = Period.of("2030", "2031-02")
    assert period.covers("2030-01-01")
    assert period.covers("2031-02-28")
    assert not period.covers("2031-03-01")
    assert period.gap("2032-06-01") == 2
    assert period.gap("2029-06-01") == -1
    assert not Period.valid("2031-02-30")
