"""Rules for titles, introductions, pronouns and channels, on short invented texts."""

import re

import pytest

from quotestance.quotes import Quote, Span
from quotestance.records import Article
from quotestance.stages.roster import Roster
from quotestance.stages.speakers import SpeakerStage

MORVENA = Roster.of(
    [
        {
            "name": "Anselm Drewitt", "role": "Foreign Minister", "country": "Morvena",
            "start": "2030-03-01", "wikidata": "Q9000001", "as_of": "2031-12-31",
        }
    ]
)  # fmt: skip


def read(marked, roster=None, date=None):
    """Quotes and entities of a text in which sources stand in ``[]``, cues in ``{}``.

    The blank after a cue stands for the content.
    """
    text, spans = "", []
    for piece in re.split(r"(\[[^\]]*\]|\{[^}]*\})", marked):
        words = piece.strip("[]{}") if piece[:1] in ("[", "{") else piece
        if words != piece:
            spans.append((piece[0], Span(len(text), len(text) + len(words), words)))
        text += words
    sources = [s for kind, s in spans if kind == "["]
    cues = [s for kind, s in spans if kind == "{"]
    quotes = []
    for i, (source, cue) in enumerate(zip(sources, cues, strict=True)):
        content = Span(cue.end, cue.end + 1).of(text)
        quotes.append(Quote(f"q{i}", (content,), (cue,), (source,)))
    stage = SpeakerStage(Roster.empty() if roster is None else roster)
    return stage(Article(text, date=date), quotes)


def names(marked, roster=None, date=None):
    """Name of the speaker of each quote."""
    return [q.speaker.name for q in read(marked, roster, date)[0]]


@pytest.mark.parametrize(
    "source",
    ["Morvena's foreign minister", "The foreign minister of Morvena",
     "Foreign Minister Drewitt of Morvena", "Foreign Minister Drewitt"],
)  # fmt: skip
def test_a_country_that_only_the_roster_knows(source):
    text = f"[{source}] {{said}} he would wait."
    assert names(text, MORVENA, "2031-01-05") == ["Anselm Drewitt"]


def test_the_country_after_of_is_that_of_the_title():
    for source in ("France's foreign minister", "The foreign minister of France"):
        text = f"[{source}] {{said}} the ships would sail."
        assert names(text, Roster.builtin(), "2018-06-01") == ["Jean-Yves Le Drian"]
    for source in ("The president of France Telecom", "The president of France's largest bank"):
        text = f"[{source}] {{said}} the ships would sail."
        assert names(text, Roster.builtin(), "2018-06-01") == [None]


@pytest.mark.parametrize(
    ("words", "speakers"),
    [
        ("Ilsa Torvane, the mayor of Norrick, left. [A spokeswoman for the mayor, Lena Orsk,] "
         "{said} no. [The mayor] {said} yes.", ["Lena Orsk", "Ilsa Torvane"]),
        ("[A spokesman for the president, Colm Tarrant,] {said} the text had changed. "
         "[The president] {said} that he would sign.", ["Colm Tarrant", None]),
        ("[An adviser to President Brenn, Colm Tarrant,] {said} no. [The president] {said} yes.",
         ["Colm Tarrant", "Brenn"]),
        ("[The deputy mayor, Colm Tarrant,] {said} no. [The deputy mayor] {said} yes.",
         ["Colm Tarrant", "Colm Tarrant"]),
    ],
)  # fmt: skip
def test_an_aide_has_no_title_of_whom_he_serves(words, speakers):
    assert names(words) == speakers


@pytest.mark.parametrize(
    ("words", "speakers"),
    [
        ("Tavaria's foreign ministry protested. [The ministry] {said} talks would go on. "
         "[It] {denied} the claim.", ["Ministry of Foreign Affairs of Tavaria"] * 2),
        ("The defence ministry of Lomund met. [The ministry] {said} no ship had been lost.",
         ["Ministry of Defence of Lomund"]),
        ("Tavaria's Foreign Ministry protested. [The ministry] {said} talks would go on.",
         ["Ministry of Foreign Affairs of Tavaria"]),
        ("Lomund's defence ministry denied it. Tavaria's foreign ministry did not. "
         "[The ministry] {said} no ship had been lost.", [None]),
        ("The Ministry of Fisheries of Karesia fell. Tavaria's foreign ministry did not. "
         "[The ministry] {said} no ship had been lost.", [None]),
    ],
)  # fmt: skip
def test_the_ministry_is_the_one_just_named(words, speakers):
    assert names(words) == speakers


def test_who_is_surely_she_is_not_he():
    text = (
        "[Prime Minister Mirela Kovash] {said} no. [She] {added} that she was tired. "
        "Her deputy, Odalin Brandel, was careful. [He] {said} yes."
    )
    assert names(text) == ["Mirela Kovash", "Mirela Kovash", "Odalin Brandel"]


def test_a_relation_tells_the_gender_of_a_name():
    text = (
        "[President Odalys Brenn] {said} that she would stay. Her husband, Pellan Brenn, left. "
        "[Mr Brenn] {said} no. [President Brenn] {said} yes."
    )
    found, entities = read(text)
    speakers = [q.speaker.name for q in found]
    assert speakers == ["Odalys Brenn", "Pellan Brenn", "Odalys Brenn"]
    assert {e.name: len(e.mentions) for e in entities} == {"Odalys Brenn": 4, "Pellan Brenn": 2}


@pytest.mark.parametrize(
    ("words", "via"),
    [
        ("Osmere Bank met. No coin was lost, [it] {said} in a statement carried by the state "
         "news agency LNA.", ("LNA",)),
        ("[Osmere Bank] {said} no coin was lost, according to the Daily Harbour.",
         ("Daily Harbour",)),
        ("[Osmere Bank] {said} no coin was lost by the state news agency LNA.", ()),
        ("In a long interview Monday with the Daily Harbour, [Osmere Bank] {said} no coin was "
         "lost.", ("Daily Harbour",)),
        ("[Osmere Bank] {told} the Daily Harbour's Ode Fenn no coin was lost.",
         ("Daily Harbour",)),
        ("[Osmere Bank] {told} the Daily Harbour's printers no coin was lost.", ()),
        ("[Osmere Bank] {told} all of its clients to ‘Turn Away’ at once.", ()),
        ("[Osmere Bank] {said}, speaking to ‘The Morning Bell’, no coin was lost.",
         ("The Morning Bell",)),
    ],
)  # fmt: skip
def test_the_outlet_that_carried_the_words(words, via):
    assert read(words)[0][0].via == via


@pytest.mark.parametrize(
    "source",
    [
        "another leading Kestrian advocate, Orla J. Venn of the firm Tarn Brown",
        "a frequent palace guest, Orla J. Venn,",
        "one more UN old hand, Orla J. Venn,",
    ],
)
def test_a_full_name_after_a_description_is_who_speaks(source):
    assert names(f"It was late. [{source[0].upper() + source[1:]}] {{said}} no.") == [
        "Orla J. Venn"
    ]
