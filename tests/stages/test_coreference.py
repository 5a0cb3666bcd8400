from __future__ import annotations

from collections.abc import Sequence

import pytest

from quotestance.quotes import Quote, Span, Speaker
from quotestance.records import Article
from quotestance.stages import gazetteer
from quotestance.stages.coreference import AntecedentScorer, Coreference, Question, Said
from quotestance.stages.entities import ArticleEntities
from quotestance.stages.mentions import find_mentions
from quotestance.stages.pronouns import find_pronouns
from quotestance.stages.roster import Roster
from quotestance.stages.salience import ALONE, NAMES, WITH_NETWORK, Features, Weights
from quotestance.stages.speakers import SpeakerStage
from quotestance.stages.tokens import sentence_starts, tokenize


def coreference(text: str, scorer: AntecedentScorer | None = None) -> Coreference:
    tokens, tables = tokenize(text), gazetteer.builtin()
    mentions = find_mentions(text, tables, tokens)
    entities = ArticleEntities(text, mentions, tokens, Roster.empty(), None, tables).entities
    return Coreference(text, tokens, entities, sentence_starts(text), (), scorer)


def means(text: str, scorer: AntecedentScorer | None = None) -> list[str | None]:
    """Whom the pronouns of a text mean, in order."""
    read = coreference(text, scorer)
    found = {span: entity.name for span, entity in read.everyone((), ())}
    return [found.get(pronoun.span) for pronoun in read.candidates.pronouns]


def mentions_of(text: str, name: str, quotes: Sequence[Quote] = ()) -> list[str]:
    _, entities = SpeakerStage(Roster.empty())(Article(text, id="fiction-1"), quotes)
    return [text[m.start : m.end] for e in entities if e.name == name for m in e.mentions]


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("He saw him, his dog and himself.", ["subject", "object", "possessive", "reflexive"]),
        ("She saw her and hers.", ["subject", "object", "possessive"]),
        ("It took her home; they praised her.", ["possessive", "object"]),
        ("Her plan was read to her in her office", ["possessive", "object", "possessive"]),
        ("They said it was theirs.", []),
        ("", []),
    ],
)
def test_pronouns_have_a_case(text: str, cases: list[str]) -> None:
    assert [p.case for p in find_pronouns(text, tokenize(text))] == cases


def test_a_pronoun_needs_no_quote_to_be_a_mention() -> None:
    text = (
        "Anna Venn, the mayor of Brackwater, met Peter Ikede on Monday. She showed him her plan. "
        "Ikede read it himself."
    )
    assert mentions_of(text, "Anna Venn") == ["Anna Venn", "She", "her"]
    assert mentions_of(text, "Peter Ikede") == ["Peter Ikede", "him", "Ikede", "himself"]


def test_gender_tells_two_people_apart_both_ways() -> None:
    for first, second in (("Anna Karst", "Peter Lund"), ("Peter Lund", "Anna Karst")):
        text = f"{first} met {second} in the harbor. He was late. She was not."
        assert means(text) == ["Peter Lund", "Anna Karst"]


def test_somebody_named_after_the_pronoun() -> None:
    assert means("In her first book, Anna Karst wrote about the sea.") == ["Anna Karst"]


def test_nobody_where_nobody_is_named() -> None:
    assert means("He was late. She was not.") == [None, None]
    assert coreference("He was late.").pronoun(Span(0, 2), "m", ()).entity is None


def test_words_in_marks_call_their_speaker_i_and_neither_he_nor_she() -> None:
    text = "Anna Karst met Maria Lund. “She said I am wrong,” Karst said. I was there."
    at = text.index("“")
    end = text.index("”") + 1
    said = Quote(
        "q", (Span(at, end),), (Span(end + 7, end + 11),), (Span(end + 1, end + 6),),
        speakers=(Speaker("Anna Karst", "person"),),
    )  # fmt: skip
    assert mentions_of(text, "Anna Karst", [said]) == ["Anna Karst", "I", "Karst"]


def test_whoever_spoke_last_goes_on() -> None:
    text = "Anna Karst left. Maria Lund was there, too. The hall was empty. She went home."
    found = coreference(text)
    maria, anna = (
        next(e for e in found.people if e.name == n) for n in ("Maria Lund", "Anna Karst")
    )
    she = Span(text.index("She"), text.index("She") + 3)
    for entity in (maria, anna):
        said = [Said(44, 62, entity)]
        assert found.pronoun(she, "f", said).entity is entity
    assert found.pronoun(she, "f", (), exclude=[anna]).entity is maria


def test_the_network_is_asked_once_about_all_pronouns() -> None:
    text = "Anna Karst met Maria Lund. She waved. Then she left."
    asked: list[list[Question]] = []

    def prefers(name: str) -> AntecedentScorer:
        def score(questions: Sequence[Question]) -> list[list[float]]:
            asked.append(list(questions))
            return [
                [0.97 if text[c.start : c.end] == name else 0.01 for c in candidates] + [0.01]
                for _, candidates in questions
            ]

        return score

    for name in ("Anna Karst", "Maria Lund"):
        assert means(text, prefers(name)) == [name, name]
    assert len(asked) == 2
    (_, first), (_, second) = asked[0]
    words = [text[s.start : s.end] for s in second]
    assert words == ["Anna Karst", "Maria Lund", "She"]
    assert len(first) == 2


def test_what_falls_on_an_earlier_pronoun_falls_on_whom_it_means() -> None:
    text = "Anna Karst met Maria Lund. She waved. Then she left."

    def chained(questions: Sequence[Question]) -> list[list[float]]:
        return [[0.01, 0.98, 0.01], [0.01, 0.01, 0.97, 0.01]]

    assert means(text, chained) == ["Maria Lund", "Maria Lund"]


def test_probabilities_are_a_softmax_over_candidates_and_nobody() -> None:
    weights = Weights(tuple(1.0 if n == "agree" else 0.0 for n in NAMES), 0.0, 2.0)
    given = weights.probabilities([Features(agree=1.0), Features(network=-3.0)], -0.5)
    assert sum(given) == pytest.approx(1.0)
    assert given[0] / given[1] == pytest.approx(2.718, abs=1e-3)
    assert given[2] / given[1] == pytest.approx(0.368, abs=1e-3)
    assert weights.probabilities([], -0.5) == [1.0]


def test_weights_have_a_number_for_each_feature() -> None:
    for weights in (ALONE, WITH_NETWORK):
        assert len(weights.features) == len(NAMES) == len(Features().values())
    assert ALONE.features[NAMES.index("network")] == ALONE.null_network == 0.0
