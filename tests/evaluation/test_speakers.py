"""Speakers, via, polarity and mode of matched quotes."""

from __future__ import annotations

import math

import pytest

from quotestance.evaluation.evaluate import score_quotes
from quotestance.evaluation.spans import Tokens, unit
from quotestance.evaluation.speakers import normalize, source_kind, verdict
from quotestance.quotes import Confidence, Quote, Span, Speaker
from quotestance.records import AnnotatedArticle

TEXT = "Minister Ana Voss said the harbour is closed. She hopes it opens. Officials agreed it may."
CONTENTS = ("the harbour is closed", "it opens", "it may")
SOURCES = ("Minister Ana Voss", "She", "Officials")


def span(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


def quotes(*names: str | None, **more: object) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            f"q{i}",
            span(content),
            source=span(source),
            speakers=() if name is None else (Speaker(name, "person"),),
            **more,  # type: ignore[arg-type]
        )
        for i, (name, content, source) in enumerate(zip(names, CONTENTS, SOURCES, strict=False))
    )


def doc(found: tuple[Quote, ...]) -> AnnotatedArticle:
    return AnnotatedArticle(text=TEXT, id="fiction-speakers", quotes=found)


def value(gold: tuple[Quote, ...], predicted: tuple[Quote, ...], name: str) -> float:
    return score_quotes([doc(gold)], [doc(predicted)], resamples=0)[name].value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Harbour Office", "harbour office"),
        ("José Núñez", "Jose Nunez"),
        ("A.B. Voss", "AB Voss"),
        ("Anne-Marie Okt", "anne marie okt"),
        ("Okt’s", "Okt"),
        ("O'Dell", "O’Dell"),
    ],
)
def test_names_are_compared_without_case_accents_punctuation_and_the(one, other):
    assert normalize(one) == normalize(other)


def test_different_people_of_one_surname_stay_apart():
    assert normalize("Ana Voss") != normalize("Ben Voss")


def test_verdicts():
    gold = Quote("q", (), speakers=(Speaker("Ana Voss", aliases=("A. Voss-Okt",)),))
    judged = {
        name: verdict(gold, Quote("p", (), speakers=tuple(Speaker(n) for n in found)))
        for name, found in {
            "same": ["ana voss"],
            "alias": ["A Voss Okt"],
            "other": ["Ben Okt"],
            "none": [],
            "null": [None],
            "one too many": ["Ana Voss", "Ben Okt"],
        }.items()
    }
    assert judged == {
        "same": "right",
        "alias": "right",
        "other": "wrong",
        "none": "withheld",
        "null": "withheld",
        "one too many": "wrong",
    }
    both = Quote("q", (), speakers=(Speaker("Ana Voss"), Speaker("Ben Okt")))
    assert verdict(both, Quote("p", (), speakers=(Speaker("Ben Okt"),))) == "withheld"
    assert verdict(both, Quote("p", (), speakers=both.speakers[::-1])) == "right"
    assert verdict(Quote("q", (), speakers=(Speaker(None, "group"),)), both) is None


def test_shares_by_hand_and_unnamed_speakers_that_were_given_a_name():
    group = (Speaker(None, "group"),)
    unnamed = Quote("q2", span("it may"), source=span("Officials"), speakers=group)
    gold = (*quotes("Ana Voss", "Ana Voss"), unnamed)
    predicted = quotes("Ana Voss", None, "Ben Okt")
    found = score_quotes([doc(gold)], [doc(predicted)], resamples=0)
    assert found["speaker_right"].value == found["speaker_withheld"].value == 50
    assert found["speaker_wrong"].value == 0
    assert found["speaker_right"].n == 2
    assert found["speaker_right_name"].value == 100
    assert found["speaker_withheld_pronoun"].value == 100
    assert found["speaker_invented"].value == 100
    # One of three quotes has the right speaker on both sides.
    assert found["end_to_end_f1"].value == pytest.approx(100 / 3)


def test_an_unnamed_speaker_left_unnamed_is_right_end_to_end():
    gold = (Quote("q", span("it may"), speakers=(Speaker(None, "group"),)),)
    assert value(gold, (Quote("p", span("it may")),), "end_to_end_f1") == 100


@pytest.mark.parametrize(
    ("source", "speaker", "kind"),
    [
        ("Minister Ana Voss", Speaker("Ana Voss", "person"), "name"),
        ("She", Speaker("Ana Voss", "person"), "pronoun"),
        ("Officials", Speaker("Ana Voss", "person"), "title"),
        ("Officials", Speaker("Harbour Office", "organization"), "organization"),
        ("", Speaker("Ana Voss", "person"), "none"),
    ],
)
def test_kinds_of_source(source, speaker, kind):
    found = doc((Quote("q", (), source=span(source) if source else (), speakers=(speaker,)),))
    assert source_kind(unit(found.quotes[0], Tokens(TEXT), TEXT)) == kind


def test_via_denied_and_mode_by_hand():
    gold = quotes("A", "A", via=("The Tide", "Bay Radio"), polarity="denied", mode="thought")
    predicted = (
        gold[0].replace(via=("Tide",), mode="speech"),
        gold[1].replace(via=("Bay Radio", "Other"), polarity="affirmed"),
    )
    found = score_quotes([doc(gold)], [doc(predicted)], resamples=0)
    assert found["via_precision"].value == pytest.approx(100 * 2 / 3)
    assert found["via_recall"].value == 50
    assert found["denied_recall"].value == 50
    assert found["denied_precision"].value == 100
    assert found["mode_accuracy"].value == 50


def test_labels_that_gold_lacks_give_no_figure():
    bare = tuple(
        q.replace(unlabelled=frozenset({"speakers", "via", "polarity", "mode", "stance"}))
        for q in quotes("Ana Voss")
    )
    gold = tuple(Quote(q.id, q.content, unlabelled=q.unlabelled) for q in bare)
    found = score_quotes([doc(gold)], [doc(quotes("Ana Voss"))], resamples=0)
    for name in ("speaker_right", "via_f1", "denied_f1", "mode_accuracy", "end_to_end_f1"):
        assert math.isnan(found[name].value), name


def test_confidence_in_a_name_is_measured_where_a_name_is_given():
    sure = Confidence(speaker=0.9)
    predicted = quotes("Ana Voss", "Ben Okt", None, confidence=sure)
    found = score_quotes([doc(quotes("Ana Voss", "Ana Voss", "Ana Voss"))], [doc(predicted)])
    assert found["ece_speaker"].n == 2
    assert found["ece_speaker"].value == pytest.approx(40)
    assert found.curves["speaker"][-1]["risk"] == 50
