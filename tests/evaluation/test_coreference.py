"""GAP, MUC, B-cubed and CEAF-e against published worked examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from quotestance.evaluation.coreference import assignment, b_cubed, ceaf_e, entity_at, muc
from quotestance.evaluation.corpora import CorefDocument, CorefMention, GapExample
from quotestance.evaluation.evaluate import score_gap, score_gum
from quotestance.evaluation.formats import as_record
from quotestance.quotes import Entity, Span
from quotestance.records import AnnotatedArticle

# The example of Pradhan et al., ACL 2014, figure 1: key and response.
KEY = [frozenset("abc"), frozenset("defg")]
RESPONSE = [frozenset("ab"), frozenset("cd"), frozenset("fghi")]


def ratio(fraction):
    return fraction[0] / fraction[1]


@pytest.mark.parametrize(
    ("metric", "precision", "recall"),
    [(muc, 0.40, 0.40), (b_cubed, 0.50, 0.42), (ceaf_e, 0.43, 0.65)],
)
def test_the_worked_example_of_the_reference_scorer(metric, precision, recall):
    found = [ratio(fraction) for fraction in metric(KEY, RESPONSE)]
    assert found == pytest.approx([precision, recall], abs=0.005)


@given(st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=6))
def test_the_assignment_is_as_good_as_that_of_scipy(rows):
    similarity = np.array(rows)
    i, j = linear_sum_assignment(similarity, maximize=True)
    pairs = assignment(similarity)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == min(similarity.shape)
    assert sum(similarity[p] for p in pairs) == pytest.approx(similarity[i, j].sum())


def mention(start: int, cluster: int, kind: str = "person") -> CorefMention:
    return CorefMention(Span(start, start + 1), cluster, kind)


PEOPLE = (mention(0, 1), mention(1, 1), mention(2, 2), mention(3, 2), mention(4, 3))
EVENTS = (mention(5, 4, "event"), mention(6, 4, "event"))
DOCUMENT = CorefDocument("fiction-doc", "abcdefgh", (*PEOPLE, *EVENTS))


def test_gold_is_100_nothing_is_0_and_other_types_and_single_mentions_do_not_count():
    full = score_gum([DOCUMENT], [as_record(DOCUMENT)], resamples=0)
    assert full["conll_f1"].value == 100
    assert full["conll_f1"].n == 4
    none = score_gum([DOCUMENT], [], resamples=0)
    assert none["conll_f1"].value == 0
    event = score_gum([DOCUMENT], [as_record(DOCUMENT)], types=("event",), resamples=0)
    assert event["conll_f1"].n == 2


def test_the_mean_is_over_the_three_metrics():
    spans = tuple(Span(i, i + 1) for i in range(4))
    merged = AnnotatedArticle(
        text="abcdefgh", id="fiction-doc", entities=(Entity("e", None, "person", spans),)
    )
    found = score_gum([DOCUMENT], [merged], resamples=0)
    # MUC: recall 2/2, precision 2/3. B-cubed: recall 1, precision (4 x 1/2)/4. CEAF-e: 2/3 of
    # one entity over 1 and 2.
    assert found["muc_f1"].value == pytest.approx(80)
    assert found["b_cubed_f1"].value == pytest.approx(100 * 2 / 3)
    assert found["ceaf_e_f1"].value == pytest.approx(100 * 2 * (2 / 3) * (1 / 3) / 1)
    mean = sum(found[f"{m}_f1"].value for m in ("muc", "b_cubed", "ceaf_e")) / 3
    assert found["conll_f1"].value == pytest.approx(mean)


SNIPPET = "Ana Voss met the wife of Ben Okt before she left."


def place(words: str) -> Span:
    start = SNIPPET.index(words)
    return Span(start, start + len(words))


def example(name: str, gender: str) -> GapExample:
    candidates = ((place("Ana Voss"), True), (place("Ben Okt"), False))
    return GapExample(name, SNIPPET, place("she"), gender, candidates)


def record(name: str, *groups: tuple[str, ...]) -> AnnotatedArticle:
    entities = (
        Entity(f"e{i}", None, "person", tuple(map(place, group))) for i, group in enumerate(groups)
    )
    return AnnotatedArticle(text=SNIPPET, id=name, entities=tuple(entities))


def test_gap_f1_by_gender_and_their_ratio():
    gold = [example("fiction-f1", "F"), example("fiction-f2", "F"), example("fiction-m", "M")]
    predicted = [
        record("fiction-f1", ("Ana Voss", "she"), ("Ben Okt",)),
        record("fiction-f2", ("Ben Okt", "she"), ("Ana Voss",)),
        record("fiction-m", ("Ana Voss", "she")),
    ]
    found = score_gap(gold, predicted, resamples=0)
    assert found["gap_feminine_f1"].value == 50
    assert found["gap_masculine_f1"].value == 100
    assert found["gap_ratio"].value == 50
    assert found["gap_f1"].value == pytest.approx(100 * 2 * 2 / (3 + 3))
    assert score_gap(gold, [], resamples=0)["gap_f1"].value == 0


def test_a_name_inside_a_longer_mention_is_not_the_longer_mention():
    entities = record("fiction", ("the wife of Ben Okt", "she"), ("Ben Okt",)).entities
    assert entity_at(place("Ben Okt"), entities) == 1
    assert entity_at(place("she"), entities) == 0
    assert entity_at(place("met"), entities) is None
