import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle, Article, read_records
from quotestance.stages.identities import merged, propose_merges
from quotestance.stages.roster import Roster
from quotestance.stages.speakers import SpeakerStage

DATA = Path(__file__).parent / "data"
SEED = Path(__file__).parents[2] / "seeds" / "seed-article.jsonl"
ARTICLES = {d.id: d for d in read_records(DATA / "fiction_articles.jsonl")}
FICTION = Roster.read(DATA / "fiction_roster.csv")


def bare(doc):
    """The quotes with their spans alone."""
    return [q.replace(speakers=(), via=(), target=None, target_type=None) for q in doc.quotes]


def resolve(doc, roster=FICTION, date=None, antecedents=None):
    article = Article(doc.text, id=doc.id, date=date or doc.date, outlet=doc.outlet)
    quotes, entities = SpeakerStage(roster)(article, bare(doc), antecedents)
    return {q.id: q for q in quotes}, entities


@pytest.mark.parametrize("name", ARTICLES)
def test_speakers_and_channels_of_invented_articles(name):
    doc = ARTICLES[name]
    quotes, _ = resolve(doc)
    for gold in doc.quotes:
        quote = quotes[gold.id]
        if name == "fiction-two-marrows" and quote.speaker.name is None:
            continue
        assert [s.name for s in quote.speakers] == [s.name for s in gold.speakers], gold.id
        assert quote.speaker.type == gold.speaker.type
        assert quote.via == gold.via
        if gold.target is not None:
            assert (quote.target, quote.target_type) == (gold.target, gold.target_type)


def test_misspelt_name_takes_the_spelling_of_the_holder_of_its_title():
    quotes, _ = resolve(ARTICLES["fiction-border-talks"])
    speaker = quotes["q2"].speaker
    assert (speaker.name, speaker.id) == ("Anselm Drewitt", "Q9000001")
    assert speaker.steps[0].startswith("He -> Drewett [coreference")
    assert "Anselm Drewett -> Anselm Drewitt [spelling, Foreign Minister]" in speaker.steps
    assert speaker.steps[-1] == "Anselm Drewitt -> Q9000001 [roster, 2031-03-02]"


def test_with_an_empty_roster_names_stay_as_written_without_wikidata_ids():
    quotes, _ = resolve(ARTICLES["fiction-border-talks"], Roster.empty())
    assert quotes["q1"].speaker.name == "Anselm Drewett"
    assert quotes["q1"].speaker.id.startswith("qs:")


def test_two_people_of_one_surname_are_kept_apart():
    quotes, _ = resolve(ARTICLES["fiction-two-marrows"])
    # The roster knows two people of this name, and the article decides for neither.
    assert quotes["q1"].speaker.id.startswith("qs:")
    assert quotes["q2"].speaker.id != quotes["q1"].speaker.id
    assert quotes["q2"].speaker.id.startswith("qs:")
    assert quotes["q3"].speaker.name in ("Wilhelmina Marrow", None)


def test_a_name_below_the_threshold_is_withheld_and_says_so():
    doc = ARTICLES["fiction-border-talks"]
    quotes, _ = SpeakerStage(FICTION, threshold=0.999)(Article(doc.text), bare(doc))
    assert all(q.speaker.name is None and q.speaker.id is None for q in quotes)
    assert quotes[0].speaker.steps[-1].startswith("withheld: ")
    assert quotes[0].speaker.mention.text == "Drewett"


def test_a_title_goes_to_its_holder_at_the_articles_date():
    text = "Rain fell. The Chinese foreign minister said the road was closed."
    quote = Quote("q", (Span(45, 64),), (Span(40, 44),), (Span(11, 39),))
    quotes, _ = SpeakerStage()(Article(text, date="2023-06-19"), [quote])
    assert quotes[0].speaker.id == "Q7216297"
    for date in (None, "2035-01-01"):
        quotes, _ = SpeakerStage()(Article(text, date=date), [quote])
        assert quotes[0].speaker.name is None


@pytest.mark.parametrize(
    ("source", "name", "type_"),
    [
        ("Beijing", "Government of China", "organization"),
        ("The Kremlin", "Government of Russia", "organization"),
        ("The State Department", "US Department of State", "organization"),
        ("The French government", "Government of France", "organization"),
        ("France’s foreign ministry", "Ministry of Foreign Affairs of France", "organization"),
        ("Senior officials", None, "group"),
        ("A spokeswoman for the ministry", None, "person"),
        ("Several placards", None, "document"),
    ],
)
def test_organizations_and_unnamed_sources(source, name, type_):
    text = f"{source} said nothing would change."
    quote = Quote(
        "q", (Span(len(source) + 6, len(text) - 1),),
        (Span(len(source) + 1, len(source) + 5),), (Span(0, len(source)),),
    )  # fmt: skip
    quotes, _ = SpeakerStage()(Article(text), [quote])
    assert (quotes[0].speaker.name, quotes[0].speaker.type) == (name, type_)


def test_a_capital_is_a_country_as_target():
    text = "Petra Voss criticized Beijing on Friday."
    quote = Quote("q", (Span(22, 29),), (Span(11, 21),), (Span(0, 10),), target_span=Span(22, 29))
    (found,), _ = SpeakerStage()(Article(text), [quote])
    assert (found.target, found.target_type, found.target_id) == ("China", "country", "iso3166:CHN")


def test_the_networks_antecedents_are_joined_with_the_rule():
    text = "Petra Voss met Imogen Tate. She said the pier was safe."
    quote = Quote("q", (Span(37, 54),), (Span(32, 36),), (Span(28, 31),))

    def prefers(name):
        def score(questions):
            ((pronoun, candidates),) = questions
            assert text[pronoun.start : pronoun.end] == "She"
            return [[0.98 if text[c.start : c.end] == name else 0.005 for c in candidates] + [0.01]]

        return score

    for name in ("Petra Voss", "Imogen Tate"):
        (found,), _ = SpeakerStage(Roster.empty())(Article(text), [quote], prefers(name))
        assert found.speaker.name == name


def test_entities_carry_all_their_mentions_pronouns_too():
    doc = ARTICLES["fiction-border-talks"]
    _, entities = resolve(doc)
    drewitt = next(e for e in entities if e.id == "Q9000001")
    assert [doc.text[m.start : m.end] for m in drewitt.mentions] == [
        "Anselm Drewett", "Drewett", "He", "Drewett",
    ]  # fmt: skip


@pytest.mark.parametrize("date", ["2023-06-19", None])
def test_the_seed_article(date):
    doc = read_records(SEED)[0]
    article = Article(doc.text, id=doc.id, date=date)
    quotes, entities = SpeakerStage()(article, bare(doc))
    for quote in quotes:
        gold = doc[quote.id]
        assert [s.name for s in quote.speakers] == [s.name for s in gold.speakers]
        assert quote.via == gold.via
    ids = {e.name: e.id for e in entities}
    expected = {"Antony Blinken": "Q7821917", "Qin Gang": "Q7216297", "Wang Yi": "Q701801",
                "Xi Jinping": "Q15031", "Joe Biden": "Q6279"}  # fmt: skip
    assert expected.items() <= ids.items()


def annotated(name, article_id):
    doc = ARTICLES[name]
    article = Article(doc.text, id=article_id, date=doc.date, outlet=doc.outlet)
    quotes, entities = SpeakerStage(Roster.empty())(article, bare(doc))
    fields = {f.name: getattr(article, f.name) for f in dataclasses.fields(article)}
    return AnnotatedArticle(**fields, quotes=quotes, entities=entities)


def test_merges_are_proposed_with_evidence_and_never_silent():
    docs = [annotated("fiction-title-at-date", i) for i in ("fiction-a", "fiction-b")]
    one, other = (d["q3"].speaker.id for d in docs)
    assert one != other
    proposal = next(p for p in propose_merges(docs) if {p.keep, p.merge} == {one, other})
    assert proposal.evidence[0] == "both are named 'Tobias Lind'"
    assert proposal.articles == ("fiction-a", "fiction-b")
    joined, log = merged(docs, [proposal])
    assert log == {proposal.merge: proposal.keep}
    assert {d["q3"].speaker.id for d in joined} == {proposal.keep}
    assert docs[1]["q3"].speaker.id == other


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.data())
def test_any_text_and_spans_pass(text, data):
    def span():
        start = data.draw(st.integers(0, len(text)))
        return Span(start, data.draw(st.integers(start, len(text)))).of(text)

    quotes = [
        Quote(f"q{i}", (span(),), (span(),) if i else (), (span(),), target_span=span())
        for i in range(3)
    ]
    out, entities = SpeakerStage(FICTION)(Article(text), quotes)
    assert [q.id for q in out] == ["q0", "q1", "q2"]
    assert all(q.speakers for q in out)
    assert all(0 <= m.start <= m.end <= len(text) for e in entities for m in e.mentions)


def asked(text, source, cue="said", date=None, before=()):
    """Speakers of a quote, by its source and cue, after quotes with the sources ``before``."""
    quotes = []
    for i, words in enumerate((*before, source)):
        at = text.rindex(words) if i == len(before) else text.index(words)
        high = text.index(cue, at) if cue in text[at:] else text.rindex(cue)
        quotes.append(
            Quote(
                f"q{i}", (Span(len(text) - 1, len(text)),), (Span(high, high + len(cue)),),
                (Span(at, at + len(words)),),
            )
        )  # fmt: skip
    found, _ = SpeakerStage(Roster.empty())(Article(text, date=date), quotes)
    return [s.name for s in next(q for q in found if q.id == f"q{len(before)}").speakers]


@pytest.mark.parametrize(
    ("text", "source", "names"),
    [
        (
            "The Ministry of Fisheries of Karesia fell. The ministry said so.",
            "The ministry",
            ["Ministry of Fisheries of Karesia"],
        ),
        ("Pellow & Strand fell. The retailer said so.", "The retailer", ["Pellow & Strand"]),
        ("His club, Castermere Rovers, said so.", "His club, Castermere Rovers,",
         ["Castermere Rovers"]),
        ("The Farmers' Party said so.", "The Farmers' Party", ["Farmers' Party"]),
        ("Osmere’s army moved. Osmere said so.", "Osmere", ["Government of Osmere"]),
        ("Osmere’s foreign ministry said so.", "Osmere’s foreign ministry",
         ["Ministry of Foreign Affairs of Osmere"]),
        ("The central bank of Osmere said so.", "The central bank of Osmere",
         ["central bank of Osmere"]),
        ("It rained. A Coastwire poll said so.", "A Coastwire poll", ["Coastwire poll"]),
        ("A poll by Coastwire came. The poll said so.", "The poll", ["Coastwire poll"]),
    ],
)  # fmt: skip
def test_organizations_and_documents_that_no_table_knows(text, source, names):
    assert asked(text, source) == names


@pytest.mark.parametrize(
    ("text", "source", "names"),
    [
        ("Mira Tovak was elected mayor of Norrick. The mayor said so.", "The mayor",
         ["Mira Tovak"]),
        ("Ludo Hask, Osmere's foreign minister, flew home. Osmere's top diplomat said so.",
         "Osmere's top diplomat", ["Ludo Hask"]),
        ("Alma Tress, the governor, and Hector Prynne, a ranger, met. The ranger said so.",
         "The ranger", ["Hector Prynne"]),
        ("Vesna Idowu led the search. The detective said so.", "The detective", ["Vesna Idowu"]),
        ("It had rained for two days by then. "
         "Senators Anna Venn of Osmere, Mark Tate of Brisca and Petra Voss said so.",
         "Senators Anna Venn of Osmere, Mark Tate of Brisca and Petra Voss",
         ["Anna Venn", "Mark Tate", "Petra Voss"]),
        ("Anna Venn, an aide to Mark Tate and Petra Voss, said so.",
         "Anna Venn, an aide to Mark Tate and Petra Voss,", ["Anna Venn"]),
        ("Sanna and Mark Whitcombe said so.", "Sanna and Mark Whitcombe",
         ["Sanna Whitcombe", "Mark Whitcombe"]),
        ("Deputy Secretary of State Anna Venn said so.", "Deputy Secretary of State Anna Venn",
         ["Anna Venn"]),
        ("PELLMOUTH (Coastwire) - Anna Venn said so.", "PELLMOUTH (Coastwire) - Anna Venn",
         ["Anna Venn"]),
        ("Mark Tate spoke to Anna Venn, his lawyer. His lawyer said so.", "His lawyer", [None]),
        ("One progressive, the radio host Anna Venn, said so.",
         "One progressive, the radio host Anna Venn,", ["Anna Venn"]),
        ("Party leaders, in particular Anna Venn, said so.",
         "Party leaders, in particular Anna Venn,", ["Anna Venn"]),
        ("It asked Anna Venn, an aide at the Transport Department who said so.", "who",
         ["Anna Venn"]),
        ("Few know what students want. Students for Fair Justice said so.",
         "Students for Fair Justice", ["Students for Fair Justice"]),
        ("Senate Republicans voted no because they said so.", "they", ["Senate Republicans"]),
        ("I said so. That hurts.\n\nAnna Venn.\n\nPellmouth.", "I", ["Anna Venn"]),
        ("We said so.\n\nTWITTER.\n\nAnna Venn.", "We", [None]),
        ("Anna Venn left. Venn's research said so.", "Venn's research", ["Anna Venn's research"]),
        ("A report from the Transport Department's inspector general said so.",
         "A report from the Transport Department's inspector general",
         ["Transport Department inspector general report"]),
    ],
)  # fmt: skip
def test_titles_and_lists_of_people(text, source, names):
    assert asked(text, source) == names


def test_nobody_says_he_of_somebody_whom_he_names():
    text = "Mark Tate met Adam Voss. “Adam Voss is a fraud,” he said."
    content = Span(text.index("“"), text.index("”") + 1)
    quote = Quote("q", (content,), (Span(len(text) - 5, len(text) - 1),),
                  (Span(len(text) - 8, len(text) - 6),))  # fmt: skip
    (found,), _ = SpeakerStage(Roster.empty())(Article(text), [quote])
    assert found.speaker.name in ("Mark Tate", None)


def test_a_shared_surname_is_the_one_who_spoke_before_and_so_is_he():
    text = (
        "Petra Tate called. Mark Tate and Petra Tate met. The mayor, Mark Tate, said no. "
        "“It leaks,” Tate said.\n\n"
        "“It leaks. It rusts. It sinks. It stinks,” he said."
    )
    said = [text.index("said"), text.index("said.\n"), text.rindex("said")]
    sources = ["The mayor, Mark Tate,", "Tate", "he"]
    contents = ["no", "“It leaks,”", "“It leaks. It rusts. It sinks. It stinks,”"]
    quotes = []
    for i, (cue, source, content) in enumerate(zip(said, sources, contents, strict=True)):
        start, at = cue - 1 - len(source), text.index(content)
        quotes.append(Quote(f"q{i}", (Span(at, at + len(content)),), (Span(cue, cue + 4),),
                            (Span(start, start + len(source)),)))  # fmt: skip
    found, _ = SpeakerStage(Roster.empty())(Article(text), quotes)
    assert [q.speaker.name for q in found] == ["Mark Tate"] * 3
    assert found[1].speaker.steps[0] == "Tate -> Mark Tate [spoke before]"


def test_the_label_of_a_paragraph_of_a_transcript_is_its_speaker():
    text = 'Anna Venn met Mark Tate’s aide.\n\n"VENN: The pier is shut, and it stays shut.\n\n'
    start = text.index("VENN")
    quote = Quote("q", (Span(start, len(text) - 2),), (), (Span(14, 23),))
    (found,), _ = SpeakerStage(Roster.empty())(Article(text), [quote])
    assert found.speaker.name == "Anna Venn"
    assert [text[s.start : s.end] for s in (*found.source, *found.cue, *found.content)] == [
        "VENN", ":", "The pier is shut, and it stays shut."
    ]  # fmt: skip


def test_a_name_after_a_dash_signs_the_words_before_it():
    text = "“It leaks.” ― Anna Venn\n“It holds.” ― Petra Voss\n"
    second = text.index("“It holds.”")
    quote = Quote("q", (Span(second, second + 11),), (), (Span(14, 23),))
    (found,), _ = SpeakerStage(Roster.empty())(Article(text), [quote])
    assert (found.speaker.name, found.source[0].text) == ("Petra Voss", "Petra Voss")


def test_a_headline_has_the_speaker_of_the_words_that_it_repeats():
    text = "‘A bomb in slow motion’: homes lost\n\n“It was a bomb in slow motion,” Anna Venn said."
    body = text.index("“")
    end = text.index("”") + 1
    quotes = [
        Quote("q1", (Span(0, 23),)),
        Quote("q2", (Span(body, end),), (Span(end + 11, end + 15),), (Span(end + 1, end + 10),)),
    ]
    found, _ = SpeakerStage(Roster.empty())(Article(text), quotes)
    assert [q.speaker.name for q in found] == ["Anna Venn", "Anna Venn"]
    assert found[0].speaker.steps[0] == "the headline of these words"


@pytest.mark.parametrize(
    ("text", "source", "names"),
    [
        ("The Osmere Dairy Authority (ODA) met. The ODA said so.", "The ODA",
         ["Osmere Dairy Authority"]),
        ("The Liga Verde Osmera (LVO) met. The LVO said so.", "The LVO", ["Liga Verde Osmera"]),
        ("The Osmere Dairy Authority met. The regulator said so.", "The regulator",
         ["Osmere Dairy Authority"]),
        ("The Osmere Dairy Authority met. The company said so.", "The company", [None]),
        ("Shares in Brisca Chemworks fell. The Osmere Dairy Authority met. The company said so.",
         "The company", ["Brisca Chemworks"]),
        ("State news agency OKA and the Osmere Transit Ministry met. The news agency said so.",
         "The news agency", ["OKA"]),
        ("The Civic Front of Osmere met. The party said so.", "The party",
         ["Civic Front of Osmere"]),
        ("The Daily Ledger fell silent. The newspaper said so.", "The newspaper",
         ["Daily Ledger"]),
        ("The Institute for Open Politics met. The institute said so.", "The institute",
         ["Institute for Open Politics"]),
        ("Open Reach International met. Open Reach said so.", "Open Reach",
         ["Open Reach International"]),
        ("The European Union met. The bloc said so.", "The bloc", ["European Union"]),
        ("Carriers met in Norrick. The ferry's owner, Blue Strait Lines, said so.",
         "The ferry's owner, Blue Strait Lines,", ["Blue Strait Lines"]),
        ("Mining giant Tarn Resources fell as Joel Astrand left. The miner said so.", "The miner",
         ["Tarn Resources"]),
        ("Osmere will close its border, its interior ministry said so.", "its interior ministry",
         ["Ministry of the Interior of Osmere"]),
        ("Osmere's defence ministry met Belgium's king. The defence ministry said so.",
         "The defence ministry", ["Ministry of Defence of Osmere"]),
        ("NORRICK, the capital of Osmere, was calm. Norrick said so.", "Norrick",
         ["Government of Osmere"]),
        ("The Helpers Front and the Carers Front met. The aid coalition said so.",
         "The aid coalition", [None]),
    ],
)  # fmt: skip
def test_nouns_and_letters_that_mean_an_organization(text, source, names):
    assert asked(text, source) == names


@pytest.mark.parametrize(
    ("text", "source", "names"),
    [
        ("Hugo Brandt, a 54-year-old banker, met Olive Stroud, 71. The 54-year-old said so.",
         "The 54-year-old", ["Hugo Brandt"]),
        ("Hugo Brandt, 54, met Olive Stroud, 71. The 71-year-old said so.", "The 71-year-old",
         ["Olive Stroud"]),
        ("Hugo Brandt, 54, met Olive Stroud, 54. The 54-year-old said so.", "The 54-year-old",
         [None]),
        ("Vice President Mira Tovak met Ludo Hask and Alma Tress. The president said so.",
         "The president", [None]),
        ("Prime Minister Ludo Hask and Interior Minister Mira Tovak met. The minister said so.",
         "The minister", ["Mira Tovak"]),
        ("Prime Minister Ludo Hask met rebel leader Gide Alem. The premier said so.",
         "The premier", ["Ludo Hask"]),
        ("The Civic Front's leader, Greta Sand, met two aides of Mark Tate. "
         "The head of the court said so.", "The head of the court", [None]),
        ("The mayor met his deputy, Lem Oster, and Anna Venn. His deputy said so.", "His deputy",
         ["Lem Oster"]),
        ("Osmerian President Milan Dobrek met Arben Hoxhil. The Osmerian leader said so.",
         "The Osmerian leader", ["Milan Dobrek"]),
        ("Councillor Tom Pellam met the mayor, Ada Pellam. The councillor said so.",
         "The councillor", ["Tom Pellam"]),
        ("Khalid al-Mansuri, the oil minister, said so.", "Khalid al-Mansuri, the oil minister,",
         ["Khalid al-Mansuri"]),
        ("Khalid al-Mansuri met Anna Venn. Al-Mansuri said so.", "Al-Mansuri",
         ["Khalid al-Mansuri"]),
        ("PELLMOUTH, May 2 (Coastwire) - Anna Venn said so.", "Coastwire) - Anna Venn",
         ["Anna Venn"]),
        ("PELLMOUTH, Osmere — Anna Venn said so.", "PELLMOUTH, Osmere — Anna Venn",
         ["Anna Venn"]),
        ("Milan Dobrek met his Osmerian counterpart, Arben Hoxhil, who said so.",
         "his Osmerian counterpart, Arben Hoxhil,", ["Arben Hoxhil"]),
    ],
)  # fmt: skip
def test_roles_ages_and_datelines_of_wire_reports(text, source, names):
    assert asked(text, source) == names


@pytest.mark.parametrize(
    "source",
    ["Two people familiar with the talks", "A senior administration official", "Critics",
     "A source close to the oil minister", "Officials in Norrick", "A spokesman for the ministry",
     "Western diplomats", "A coalition of 40 groups, including the Osmere Dairy Authority,"],
)  # fmt: skip
def test_a_source_without_a_name_is_given_none(source):
    text = f"Hugo Brandt, the oil minister of Osmere, met the Civic Front. {source} said so."
    assert asked(text, source) == [None]
