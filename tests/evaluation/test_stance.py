"""Stance and targets of quotes and of sentences."""

from __future__ import annotations

import math

import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from quotestance.evaluation.corpora import TargetedSentence
from quotestance.evaluation.evaluate import score_quotes, score_targeted
from quotestance.evaluation.spans import Tokens, unit
from quotestance.evaluation.stance import target_matches, target_place
from quotestance.quotes import Quote, Span, Speaker, Stance
from quotestance.records import AnnotatedArticle

TEXT = "Voss called Norland a friend. Voss called Sudland a threat. Voss counted nine ships."
CONTENTS = ("Norland a friend", "Sudland a threat", "nine ships")
LABELS = ("supportive", "critical", "neutral")
TARGETS = ("Norland", "Sudland", None)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def doc(labels, targets=TARGETS, **more) -> AnnotatedArticle:
    found = tuple(
        Quote(f"q{i}", (span(content),), source=(Span(0, 4),), speakers=(Speaker("Voss"),),
              stance=Stance(label) if label else None, target=target, **more)
        for i, (content, label, target) in enumerate(zip(CONTENTS, labels, targets, strict=True))
    )  # fmt: skip
    return AnnotatedArticle(text=TEXT, id="fiction-stance", quotes=found)


def test_macro_f1_and_accuracy_are_those_of_scikit_learn():
    gold = ["supportive", "critical", "neutral", "critical", "neutral", "critical"]
    given = ["supportive", "neutral", "neutral", "critical", "critical", "critical"]
    rows = [TargetedSentence(str(i), "a b", Span(0, 1), None, g) for i, g in enumerate(gold)]
    found = score_targeted(rows, [Stance(label) for label in given], resamples=0)
    precision, recall, f1, _ = precision_recall_fscore_support(gold, given, average="macro")
    assert found["macro_precision"].value == pytest.approx(100 * precision)
    assert found["macro_recall"].value == pytest.approx(100 * recall)
    assert found["macro_f1"].value == pytest.approx(100 * f1)
    assert found["accuracy"].value == pytest.approx(100 * accuracy_score(gold, given))
    assert found["macro_f1"].n == 6


def test_a_missing_prediction_is_a_miss_of_its_class_alone():
    rows = [TargetedSentence(str(i), "a", Span(0, 1), None, g) for i, g in enumerate(LABELS)]
    found = score_targeted(rows, [Stance("supportive"), None, Stance("neutral")], resamples=0)
    assert found["macro_f1"].value == pytest.approx(200 / 3)
    assert found["accuracy"].value == pytest.approx(200 / 3)


def test_as_many_stances_as_rows():
    with pytest.raises(ValueError, match="expected 1 stances, found 0"):
        score_targeted([TargetedSentence("a", "b", Span(0, 1), None, "neutral")], [])


def pair(name: str, labels: tuple[str, str]) -> list[TargetedSentence]:
    return [
        TargetedSentence(f"{name}-{d}", "A met B", Span(6, 7), Span(0, 1), label, pair=name)
        for d, label in zip(("pq", "qp"), labels, strict=True)
    ]


def stance(supportive: float, critical: float) -> Stance:
    chances = {
        "supportive": supportive,
        "critical": critical,
        "neutral": 1 - supportive - critical,
    }
    return Stance(max(chances, key=chances.__getitem__), chances)


def test_direction_counts_pairs_with_one_asserted_direction():
    rows = [
        *pair("a", ("critical", "neutral")),
        *pair("b", ("neutral", "supportive")),
        *pair("c", ("neutral", "neutral")),
    ]
    right = [stance(0, 0.4), stance(0, 0.3), stance(0.2, 0), stance(0.3, 0)]
    found = score_targeted(rows, [*right, stance(0, 0), stance(0, 0)], resamples=0)
    assert found["direction_right"].value == 100
    assert found["direction_right"].n == 2
    assert found["directed_pairs_macro_f1"].n == 4
    assert found["macro_f1"].n == 6
    wrong = [stance(0, 0.3), stance(0, 0.4), stance(0.2, 0), stance(0.2, 0)]
    found = score_targeted(rows, [*wrong, stance(0, 0), stance(0, 0)], resamples=0)
    assert found["direction_right"].value == 0


def test_stance_of_quotes_found_with_the_target_that_the_system_chose():
    found = score_quotes(
        [doc(LABELS)], [doc(("supportive", "neutral", "neutral"), ("Norland", "ships", None))],
        resamples=0,
    )  # fmt: skip
    assert found["accuracy"].value == pytest.approx(200 / 3)
    assert found["macro_f1"].value == pytest.approx(100 * (1 + 0 + 2 / 3) / 3)
    assert found["target_match"].value == 50
    assert found["target_match"].n == 2
    assert found["end_to_end_stance_f1"].value == pytest.approx(200 / 3)


def test_the_alternative_label_counts_as_right():
    gold = doc(LABELS, extra={"stance_alternative": "neutral"})
    found = score_quotes([gold], [doc(("neutral",) * 3)], resamples=0)
    assert found["accuracy"].value == 100


@pytest.mark.parametrize(
    ("predicted", "matches"),
    [
        ({"target": "government of Norland"}, True),
        ({"target": "the Harbour Pact"}, True),
        ({"target": "the North"}, False),
        ({"target": None}, False),
        ({"target": "it", "target_span": span("Norland")}, True),
    ],
)
def test_target_match_shares_a_content_word_with_name_alias_or_words_in_the_text(
    predicted, matches
):
    gold = Quote("q", (), target="Norland", extra={"target_aliases": ["the Harbour Pact"]})
    given = AnnotatedArticle(text=TEXT, quotes=(Quote("p", (), **predicted),)).quotes[0]
    assert target_matches(gold, given) is matches


def test_the_name_of_a_target_counts_where_it_is_a_named_entity():
    def quote(name, kind=None, aliases=()):
        return Quote("q", (span("Norland"),), target=name, target_type=kind,
                     extra={"target_aliases": list(aliases)})  # fmt: skip

    def figure(gold, found):
        docs = ([AnnotatedArticle(text=TEXT, id="fiction", quotes=(q,))] for q in (gold, found))
        return score_quotes(*docs, resamples=0)["target_name_right"]

    country = quote("Norland", "country", ["Republic of Norland"])
    assert figure(country, quote("the Republic of Norland")).value == 100
    assert figure(country, quote("government of Norland")).value == 0
    assert figure(country, quote(None)).value == 0
    assert figure(quote("ships", "thing"), quote("ships")).n == 0


def test_function_words_alone_are_no_match():
    assert not target_matches(Quote("q", (), target="the"), Quote("p", (), target="the"))


def test_given_target_asks_only_for_quotes_that_have_one():
    asked = []

    def stances(triples):
        asked.extend(triples)
        return [Stance("supportive"), Stance("supportive")]

    found = score_quotes([doc(LABELS)], [doc(LABELS)], resamples=0, stances=stances)
    assert [(target.text, holder.text) for _, target, holder in asked] == [
        ("Norland", "Voss"),
        ("Sudland", "Voss"),
    ]
    assert found["given_target_accuracy"].value == 50
    assert found["given_target_macro_f1"].n == 2


def test_the_place_of_a_gold_target():
    def place(**more):
        bound = AnnotatedArticle(text=TEXT, quotes=(Quote("q", (span("a threat"),), **more),))
        found = target_place(unit(bound.quotes[0], Tokens(TEXT), TEXT), TEXT)
        return found and found.text

    assert place(target="norland") == "Norland"
    assert place(target="Nor", extra={"target_aliases": ["nine ships"]}) == "Nor"
    assert place(target="Elsewhere") is None
    assert place(target=None, target_span=span("Norland")) is None
    assert place(target="the state", target_span=span("Sudland")) == "Sudland"


def test_calibration_error_of_quotes_needs_probabilities():
    found = score_quotes([doc(LABELS)], [doc(LABELS)], resamples=0)
    assert math.isnan(found["ece"].value)
    assert found["ece"].n == 0
