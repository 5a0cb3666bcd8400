import numpy as np

from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle
from quotestance.stages.speakers import SpeakerStage
from quotestance.stages.target_choice import FEATURES
from quotestance.stages.target_offers import Ballot, Offer
from quotestance.training.targets import fit_targets, target_choices

TEXT = "Petra Voss said that Anselm Drewitt is a danger. Mr. Drewitt laughed."


def span(words):
    start = TEXT.index(words)
    return Span(start, start + len(words)).of(TEXT)


def doc(**labels):
    quote = Quote(
        "q1", (span("that Anselm Drewitt is a danger"),), cue=(span("said"),),
        source=(span("Petra Voss"),), **labels,
    )  # fmt: skip
    return AnnotatedArticle(TEXT, id="bridge", quotes=(quote,))


class Predicted:
    """A pipeline that finds the quote and gives its offers the same scores, but for one."""

    def __init__(self):
        self.calibration = {}
        self.speakers = SpeakerStage()

    def __call__(self, article):
        offers = [
            Offer(span(words), -5.0, -1.0 if words == "Anselm Drewitt" else -6.0, outside=outside)
            for words, outside in (("Petra Voss", True), ("Anselm Drewitt", False),
                                   ("a danger", False))
        ]  # fmt: skip
        quotes, _ = self.speakers(article, doc().quotes, None, {"q1": Ballot(offers, -8.0)})
        return AnnotatedArticle(TEXT, id="bridge", quotes=quotes)


def right(**labels):
    return target_choices(Predicted(), [doc(**labels)])[0].right.tolist()


def test_right_is_what_has_the_name_else_what_shares_the_words():
    assert right(target="Anselm Drewitt", target_type="person") == [False, True, False, False]
    issue = {"target": "peril", "target_type": "issue", "target_span": span("a danger")}
    assert right(**issue) == [False, False, True, False]
    assert right(target=None) == [False, False, False, True]


def test_the_weights_of_what_tells_the_right_target_are_found():
    pipeline = Predicted()
    stage = pipeline.speakers
    gold = doc(target="Anselm Drewitt", target_type="person")
    fitted = fit_targets(pipeline, [gold] * 5)
    assert set(fitted) == {f"target.{name}" for name in FEATURES}
    assert fitted["target.end"] > 0 > fitted["target.outside"]
    assert np.isfinite(list(fitted.values())).all()
    assert pipeline.speakers is stage


def test_without_labelled_targets_nothing_is_fitted():
    assert fit_targets(Predicted(), []) == {}
