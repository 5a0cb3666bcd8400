import numpy as np
import pytest

from quotestance.network.runtime import Links
from quotestance.quotes import Quote, Span
from quotestance.stages.target_choice import FEATURES, WEIGHTS, Options, features, weights_of
from quotestance.stages.target_offers import Ballot, Wording, ballot
from quotestance.stages.targets import Target
from tests.tiny_model import tiny_encoder

TEXT = "Petra Voss said Anselm J. Drewitt is a danger to the old bridge, and he knows Voss."


@pytest.fixture(scope="module")
def offered():
    encoded = tiny_encoder().encode(TEXT)
    words = len(encoded)
    weights = np.full(words + 1, 1e-4, dtype=np.float32)
    weights[8] = 0.5  # "a danger"
    links = Links(0, weights, weights, weights, weights)
    content = encoded.covering(TEXT.index("Anselm"), len(TEXT))
    return ballot(links, (0, words), [content], Wording.of(encoded, TEXT))


def of(offered, words):
    start = TEXT.index(words if words[0].isupper() else f" {words}") + (not words[0].isupper())
    return next((o for o in offered.offers if o.span == Span(start, start + len(words))), None)


def among(offered, named):
    targets = [named.get(TEXT[o.span.start : o.span.end], Target(None, None)) for o in
               offered.offers]  # fmt: skip
    quote = Quote("q1", (Span(16, len(TEXT)),))
    return Options(quote, [*targets, Target(None, None)], offered)


def column(rows, name):
    return rows[:, FEATURES.index(name)]


def test_names_and_pronouns_are_offered_whole(offered):
    assert of(offered, "Anselm J. Drewitt") is not None
    assert of(offered, "he knows") is None
    assert of(offered, "he") is not None


def test_no_offer_runs_over_a_comma_or_an_auxiliary(offered):
    texts = [TEXT[o.span.start : o.span.end] for o in offered.offers]
    assert not [t for t in texts if "," in t or " is " in t]


def test_what_stands_before_the_content_is_outside_it(offered):
    assert of(offered, "Petra Voss").outside
    assert not of(offered, "he").outside


def test_what_other_quotes_are_about_speaks_for_a_name(offered):
    voss, drewitt = Target("Petra Voss", "person"), Target("Anselm J. Drewitt", "person")
    first = among(offered, {"he": drewitt})
    second = among(offered, {"Petra Voss": voss, "Anselm J. Drewitt": drewitt})
    topic = column(features([first, second])[1], "topic")
    by_name = dict(zip([t.name for t in second.targets], topic.tolist(), strict=True))
    assert by_name["Anselm J. Drewitt"] > by_name["Petra Voss"]
    alone = column(features([second])[0], "topic")[:-1]
    assert np.allclose(alone, alone[0])


def test_a_quote_without_offers_has_no_target():
    nothing = Options(Quote("q1", (Span(0, 1),)), [Target(None, None)], Ballot([], -1.0))
    assert features([nothing])[0].shape == (1, len(FEATURES))
    assert features([]) == []


def test_the_calibration_gives_the_weights():
    weights = weights_of({"target.topic": 2.5})
    assert weights[FEATURES.index("topic")] == 2.5
    assert weights[FEATURES.index("start")] == WEIGHTS["start"]
