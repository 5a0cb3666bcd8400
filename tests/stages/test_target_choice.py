import numpy as np
import pytest

from quotestance.network.runtime import Links
from quotestance.quotes import Span
from quotestance.stages.target_choice import FEATURES, WEIGHTS, features, weights_of
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
    start = TEXT.index(words)
    return next((o for o in offered.offers if o.span == Span(start, start + len(words))), None)


def test_names_and_pronouns_are_offered_whole(offered):
    assert of(offered, "Anselm J. Drewitt").kind == "name"
    assert of(offered, "Anselm J. Drewitt").subject
    assert of(offered, "he knows") is None
    assert [o.kind for o in offered.offers if o.personal] == ["pronoun"]


def test_no_offer_runs_over_a_comma_or_an_auxiliary(offered):
    texts = [TEXT[o.span.start : o.span.end] for o in offered.offers]
    assert not [t for t in texts if "," in t or " is " in t]


def test_what_stands_before_the_content_is_outside_it(offered):
    assert of(offered, "Petra Voss").outside
    assert not of(offered, "he").outside


def test_features_tell_the_speaker_and_count_offers_of_one_name(offered):
    targets = [
        Target("Petra Voss", "person") if "Voss" in TEXT[o.span.start : o.span.end]
        else Target(None, None)
        for o in offered.offers
    ]  # fmt: skip
    rows = features(offered, targets, {"Petra Voss"})
    assert rows.shape == (len(targets) + 1, len(FEATURES))
    named = [t.name is not None for t in targets]
    assert rows[:-1, FEATURES.index("speaker")].tolist() == named
    assert rows[:-1, FEATURES.index("same")].astype(bool).tolist() == named
    assert rows[:, FEATURES.index("none")].tolist() == [0] * len(targets) + [1]


def test_a_quote_without_offers_has_no_target():
    assert features(Ballot([], -1.0), [], set()).shape == (1, len(FEATURES))


def test_the_calibration_gives_the_weights():
    weights = weights_of({"target.speaker": -2.5})
    assert weights[FEATURES.index("speaker")] == -2.5
    assert weights[FEATURES.index("start")] == WEIGHTS["start"]
