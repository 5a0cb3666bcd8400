import json

import numpy as np
import pytest

from quotestance.errors import InputError
from quotestance.records import AnnotatedArticle
from quotestance.track import confusion
from quotestance.track.confusion import Confusion
from quotestance.track.estimate import Clusters, Estimator, t_p_value, t_quantile
from quotestance.track.trends import resolve
from tests.track.making import MODEL, doc

ROWS = np.array([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]])


def known(noise=0.1, per_label=100, rows=ROWS):
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1, 2], per_label)
    spread = rng.dirichlet(rows[0] * 0 + 1 / noise, len(labels)) - 1 / 3
    probabilities = np.clip(rows[labels] + 0.1 * spread, 0.001, None)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return Confusion(("tiny", "1.0"), "invented", labels, np.arange(len(labels)) // 4,
                     probabilities)  # fmt: skip


def clusters(shares, articles=200, judged=True, quotes=2):
    sums = np.tile(np.array(shares) * quotes, (articles, 1))
    none = np.zeros_like(sums)
    counts = np.full(articles, float(quotes))
    return Clusters(counts, *((sums, none) if judged else (none, sums)))


def test_the_confusion_is_undone():
    errs = known()
    truth = np.array([0.5, 0.3, 0.2])
    estimate = Estimator(errs)(clusters(truth @ errs.matrix()))
    assert estimate.values == pytest.approx([0.3, 0.5, 0.3, 0.2])
    assert (estimate.low <= estimate.values).all() and (estimate.values <= estimate.high).all()


def test_labels_by_hand_are_taken_as_they_are():
    estimate = Estimator(known())(clusters([0.5, 0.3, 0.2], judged=False))
    assert estimate.values == pytest.approx([0.3, 0.5, 0.3, 0.2])


def test_too_few_articles_have_no_interval():
    estimate = Estimator(known())(clusters([0.5, 0.3, 0.2], articles=7))
    assert np.isnan(estimate.low).all() and estimate.articles == 7


def test_articles_of_one_voice_do_not_make_a_certain_interval():
    estimate = Estimator(None)(clusters([0.0, 0.0, 1.0], articles=8, judged=False))
    assert estimate.values[0] == -1 and estimate.low[0] == -1
    assert estimate.high[0] == pytest.approx(-1 + 2.365 / 8, abs=0.01)


def test_quotes_of_one_article_hang_together():
    rng = np.random.default_rng(0)
    tones = rng.choice([1.0, 0.0], size=40)
    each = np.stack([tones, np.zeros(40), 1 - tones], axis=1)
    none, one = np.zeros((40, 3)), np.ones(40)
    single = Estimator(None)(Clusters(one, none, each))
    tenfold = Estimator(None)(Clusters(10 * one, none, 10 * each))
    assert tenfold.high[0] - tenfold.low[0] == pytest.approx(single.high[0] - single.low[0])


def test_a_million_articles_are_resampled_in_blocks():
    rng = np.random.default_rng(0)
    sums = rng.dirichlet([1, 1, 1], 20_000)
    many = Clusters(np.ones(20_000), np.zeros((20_000, 3)), sums)
    errors, _ = Estimator(None).errors(many)
    plain = (sums[:, 0] - sums[:, 2]).std() / np.sqrt(20_000)
    assert errors[0] == pytest.approx(plain, rel=0.15)


def test_a_matrix_that_tells_nothing_apart_is_not_undone():
    flat = known(rows=np.full((3, 3), 1 / 3))
    assert not Estimator(flat).propagates
    assert Estimator(known()).propagates


def test_the_difference_of_two_sets():
    rng = np.random.default_rng(0)
    one, other = rng.dirichlet([4, 2, 1], 60), rng.dirichlet([1, 2, 4], 60)
    none, counts = np.zeros((60, 3)), np.ones(60)
    gap, reach, p = Estimator(None).difference(
        Clusters(counts, none, one), Clusters(counts, none, other)
    )
    assert gap == pytest.approx((one - other)[:, 0].mean() - (one - other)[:, 2].mean())
    assert 0 < reach < 0.4 and p < 0.001
    same = Clusters(counts, none, one)
    assert Estimator(None).difference(same, same)[2] == pytest.approx(1)


def test_student():
    assert t_quantile(np.array([7.0, 30.0, 1e9])) == pytest.approx([2.365, 2.042, 1.960], abs=2e-3)
    assert t_p_value(2.365, 7) == pytest.approx(0.05, abs=2e-3)
    assert t_p_value(0, 7) == 1


def test_the_confusion_file_comes_back_as_it_was(tmp_path):
    path = tmp_path / "confusion.json"
    path.write_text(json.dumps(known().to_dict()))
    back = Confusion.read(path)
    assert back.matrix() == pytest.approx(known().matrix(), abs=1e-3)
    assert back.fits(("tiny", "1.0")) and not back.fits(("tiny", "1.1"))
    assert resolve(path).model == back.model


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 9}, "field 'format': expected format 1"),
        ({"sample": [[0, 1, 0.5, 0.5, 0.5]]}, r"field 'sample\[0\]': expected \[label, article"),
        ({"sample": [[0, 1, 0.5, 0.5, 0.0]]}, "at least 20 quotes of each label"),
        ({"measured_on": None}, "field 'measured_on': expected a string"),
    ],
)
def test_a_malformed_confusion_file_is_named(tmp_path, change, message):
    path = tmp_path / "confusion.json"
    path.write_text(json.dumps(known().to_dict() | change))
    with pytest.raises(InputError, match=message) as caught:
        Confusion.read(path)
    assert caught.value.file == str(path)
    with pytest.raises(InputError, match="cannot be read"):
        Confusion.read(tmp_path / "missing.json")


def test_measuring_pairs_what_was_found_with_what_was_labelled():
    gold = [doc("1", stance="critical", model=None), doc("2", "words of another kind", model=None)]
    found = [doc("1", stance="neutral"), doc("2", "Orla", stance="neutral")]
    measured = confusion.measure(gold, found, "two lines")
    assert measured.labels.tolist() == [2] and measured.model == ("tiny", "1.0")
    assert measured.probabilities[0] == pytest.approx([0.1, 0.8, 0.1])
    with pytest.raises(InputError, match="no labelled quote was found"):
        confusion.measure(gold, [AnnotatedArticle("", "fiction-1", model=MODEL)], "nothing")
