from __future__ import annotations

import json
import re
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import quotestance as qs
from quotestance.articles import Failure
from quotestance.errors import DeviceError, InputError, ModelError
from quotestance.pipeline import Pipeline
from tests.tiny_model import ARTICLE, SENTENCES, network, nlp, tiny_folder  # noqa: F401

# Two surrogates that stand side by side become one character in JSON, whoever writes it.
PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

# The tiny model is wired as any other; what it finds is arbitrary and always the same.
TEXTS = (
    ARTICLE,
    *SENTENCES,
    "",
    "\n \t",
    "No.",
    "\n".join(reversed(SENTENCES)),
    ARTICLE.replace("“", "«").replace("”", "»"),
    " ".join(SENTENCES) * 3,
)


@pytest.fixture(scope="module")
def expected(nlp: Pipeline) -> list[qs.AnnotatedArticle]:  # noqa: F811
    """Each text alone, in order."""
    return [nlp(text, keep="attributions") for text in TEXTS]


def assert_same(one: Any, other: Any, where: str = "doc") -> None:
    """The same spans, labels and names, and numbers within 1e-3."""
    if isinstance(one, float) and isinstance(other, float):
        assert one == pytest.approx(other, abs=1e-3), where
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), where
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{where}[{i}]")
    else:
        assert one == other, where


def check(doc: qs.AnnotatedArticle, text: str) -> None:
    """What holds for any result: spans slice the user's string, references hold, it round-trips."""
    assert doc.text == text
    ids = [quote.id for quote in doc]
    assert len(set(ids)) == len(ids)
    for quote in doc:
        spans = [*quote.content, *quote.cue, *quote.source]
        spans += [quote.target_span] if quote.target_span else []
        spans += [s.mention for s in quote.speakers if s.mention]
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert span.text == text[span.start : span.end]
        ends = [(span.start, span.end) for span in quote.content]
        assert ends == sorted(ends)
        assert all(a[1] <= b[0] for a, b in pairwise(ends))
        assert quote.inside is None or quote.inside in ids
        assert quote.confidence.quote is not None
        assert 0 <= quote.confidence.quote <= 1
    record = doc.to_dict()
    if not PAIR.search(text):
        record = json.loads(json.dumps(record))
    assert qs.AnnotatedArticle.from_dict(record).to_dict() == doc.to_dict()


def test_the_tiny_model_finds_something_to_test_with(
    expected: list[qs.AnnotatedArticle],
) -> None:
    assert len(expected[0]) >= 5
    assert {quote.is_quote for quote in expected[0]} == {True, False}
    assert any(quote.source and quote.cue for quote in expected[0])
    for doc, text in zip(expected, TEXTS, strict=True):
        check(doc, text)


@pytest.mark.parametrize("batch_size", [1, 3, 32])
def test_batch_size_changes_nothing(
    nlp: Pipeline,  # noqa: F811
    expected: list[qs.AnnotatedArticle],
    batch_size: int,
) -> None:
    docs = list(nlp.pipe(TEXTS, batch_size, keep="attributions"))
    for doc, right in zip(docs, expected, strict=True):
        assert_same(doc.to_dict(), right.to_dict())


def test_order_changes_nothing(
    nlp: Pipeline,  # noqa: F811
    expected: list[qs.AnnotatedArticle],
) -> None:
    docs = list(nlp.pipe(reversed(TEXTS), batch_size=5, keep="attributions"))
    for doc, right in zip(reversed(docs), expected, strict=True):
        assert_same(doc.to_dict(), right.to_dict())


def test_threads_change_nothing(
    nlp: Pipeline,  # noqa: F811
    expected: list[qs.AnnotatedArticle],
) -> None:
    start = threading.Barrier(4)

    def work(shift: int) -> list[qs.AnnotatedArticle]:
        start.wait()
        order = [(i + shift) % len(TEXTS) for i in range(len(TEXTS))]
        docs = list(nlp.pipe([TEXTS[i] for i in order], 1 + shift, keep="attributions"))
        return [docs[order.index(i)] for i in range(len(TEXTS))]

    with ThreadPoolExecutor(4) as pool:
        for docs in pool.map(work, range(4)):
            for doc, right in zip(docs, expected, strict=True):
                assert_same(doc.to_dict(), right.to_dict())


def test_pipe_reads_no_further_than_its_batch(nlp: Pipeline) -> None:  # noqa: F811
    taken: list[int] = []

    def articles() -> Iterator[str]:
        for i in range(10):
            taken.append(i)
            yield f"Venn said no {i} times."

    docs = nlp.pipe(articles(), batch_size=3)
    assert taken == []
    found = [next(docs).text]
    assert taken == [0, 1, 2]
    found += [next(docs).text, next(docs).text]
    assert taken == [0, 1, 2]
    found.append(next(docs).text)
    assert taken == [0, 1, 2, 3, 4, 5]
    found += [doc.text for doc in docs]
    assert found == [f"Venn said no {i} times." for i in range(10)]


def test_pipe_keeps_no_article_that_it_has_given_away(nlp: Pipeline) -> None:  # noqa: F811
    made: list[weakref.ref[qs.Article]] = []

    def articles() -> Iterator[qs.Article]:
        for i in range(24):
            article = qs.Article(f"Article {i}: Venn said no.")
            made.append(weakref.ref(article))
            yield article

    docs = nlp.pipe(articles(), batch_size=2)
    alive = [sum(article() is not None for article in made) for _ in docs]
    assert len(made) == len(alive) == 24
    assert max(alive) <= 3


def test_articles_keep_what_they_carry(nlp: Pipeline) -> None:  # noqa: F811
    article = qs.Article(
        ARTICLE, id="wall-fiction", title="Wall", outlet="The Buoy", date="2024-02-29",
        meta={"page": 3},
    )  # fmt: skip
    doc = nlp(article)
    assert (doc.id, doc.title, doc.outlet, doc.date, doc.meta) == (
        "wall-fiction", "Wall", "The Buoy", "2024-02-29", {"page": 3},
    )  # fmt: skip
    assert doc.model == {"name": "tiny", "version": "0.1.0"}
    (piped,) = nlp.pipe([{"text": ARTICLE, "id": "wall-fiction", "page": 3}])
    assert_same(piped.to_dict()["quotes"], doc.to_dict()["quotes"])
    assert (piped.id, piped.meta) == ("wall-fiction", {"page": 3})


@pytest.mark.parametrize("text", ["", " ", "\n\t\u2028"])
def test_blank_text_gives_an_empty_result(nlp: Pipeline, text: str) -> None:  # noqa: F811
    doc = nlp(text)
    assert (doc.text, doc.quotes, doc.entities, doc.warnings) == (text, (), (), ())


def test_attributions_hold_every_quote_under_the_same_id(nlp: Pipeline) -> None:  # noqa: F811
    for text in TEXTS:
        every = {quote.id: quote for quote in nlp(text, keep="attributions")}
        quotes = list(nlp(text))
        assert all(quote.is_quote for quote in quotes)
        assert [q.id for q in quotes] == [q.id for q in every.values() if q.is_quote]
        for quote in quotes:
            other = every[quote.id]
            assert other.to_dict().get("is_quote", True)
            # Names, and so targets, can differ: more is known of who spoke before.
            for name in ("content", "cue", "source", "kind", "mode", "polarity"):
                assert getattr(quote, name) == getattr(other, name)


def test_is_quote_false_is_written(nlp: Pipeline) -> None:  # noqa: F811
    doc = nlp(ARTICLE, keep="attributions").to_dict()
    assert {quote.get("is_quote") for quote in doc["quotes"]} == {None, False}


@pytest.mark.parametrize("keep", ["all", None, ""])
def test_another_keep_is_refused(nlp: Pipeline, keep: Any) -> None:  # noqa: F811
    for call in (lambda: nlp("a", keep=keep), lambda: nlp.pipe(["a"], keep=keep)):
        with pytest.raises(InputError) as caught:
            call()
        assert str(caught.value) == (
            f"field 'keep': expected quotes or attributions, found {keep!r}"
        )


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "8", None])
def test_another_batch_size_is_refused_before_any_article(
    nlp: Pipeline,  # noqa: F811
    batch_size: Any,
) -> None:
    with pytest.raises(InputError) as caught:
        nlp.pipe(iter(()), batch_size)
    assert str(caught.value) == (
        f"field 'batch_size': expected a whole number from 1, found {batch_size!r}"
    )


def test_another_on_error_is_refused(nlp: Pipeline) -> None:  # noqa: F811
    with pytest.raises(InputError, match="'on_error': expected raise or yield, found 'skip'"):
        nlp.pipe(["a"], on_error="skip")  # type: ignore[arg-type]


@pytest.mark.parametrize("article", [b"bytes", None, 3, ["a"], {"text": "a"}])
def test_what_is_no_article_is_refused(nlp: Pipeline, article: Any) -> None:  # noqa: F811
    with pytest.raises(InputError) as caught:
        nlp(article)
    name = type(article).__name__
    assert str(caught.value) == f"field 'text': expected a string, found {name}"
    assert caught.value.hint is not None
    assert "nlp.pipe" in caught.value.hint


@pytest.mark.parametrize("articles", ["one text", qs.Article("one"), 3, None])
def test_pipe_wants_several_articles(nlp: Pipeline, articles: Any) -> None:  # noqa: F811
    with pytest.raises(InputError, match="expected an iterable of articles, found"):
        nlp.pipe(articles)


def test_a_bad_article_is_yielded_in_its_place(nlp: Pipeline) -> None:  # noqa: F811
    articles = ["Venn said no.", {"text": None, "id": "bad-fiction"}, 7,
                {"text": "a", "id": "x"}, {"text": "b", "id": "x"}, "Venn said yes."]  # fmt: skip
    docs = list(nlp.pipe(articles, batch_size=4, on_error="yield"))
    assert [isinstance(doc, Failure) for doc in docs] == [False, True, True, False, True, False]
    failures = [doc for doc in docs if isinstance(doc, Failure)]
    assert [failure.id for failure in failures] == ["bad-fiction", "[2]", "x"]
    assert all(isinstance(failure.error, InputError) for failure in failures)
    assert all(failure.error.message for failure in failures)
    assert docs[5].text == "Venn said yes."


def test_a_bad_article_stops_the_pipe_after_those_before_it(nlp: Pipeline) -> None:  # noqa: F811
    docs = nlp.pipe(["Venn said no.", 7, "Venn said yes."], batch_size=8)
    assert next(docs).text == "Venn said no."
    with pytest.raises(InputError, match="found int"):
        next(docs)


def test_an_article_that_a_stage_refuses_fails_alone(
    nlp: Pipeline,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    speakers = nlp.speakers

    def refuse(article: qs.Article, *rest: Any) -> Any:
        if "yes" in article.text:
            raise InputError("no such roster row", hint="mend it")
        return speakers(article, *rest)

    monkeypatch.setattr(nlp, "speakers", refuse)
    articles = [qs.Article(f"Venn said {word}.", id=word) for word in ("no", "yes", "maybe")]
    docs = list(nlp.pipe(articles, on_error="yield"))
    assert [doc.id for doc in docs] == ["no", "yes", "maybe"]
    assert isinstance(docs[1], Failure)
    assert str(docs[1].error) == "no such roster row"
    assert isinstance(docs[2], qs.AnnotatedArticle)
    with pytest.raises(InputError, match="no such roster row"):
        list(nlp.pipe(articles))


def test_a_stage_can_be_replaced(
    nlp: Pipeline,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nlp, "attribution", lambda *_: [])
    assert nlp(ARTICLE, keep="attributions").quotes == ()


def test_warnings_of_the_text_are_in_the_record(nlp: Pipeline) -> None:  # noqa: F811
    html = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    (warning,) = nlp(html).warnings
    assert warning.startswith("the text looks like HTML (14 tags")
    (warning,) = nlp("Море у причала замёрзло, сказала мэр города журналистам в среду. ").warnings
    assert warning.startswith("the text does not look like English")
    assert nlp(ARTICLE).to_dict()["warnings"] == []


# --- stance of a given pair ---

SENTENCE = "Orla Venn praised the engineers."
VENN, ENGINEERS = (0, 9), (18, 31)


def test_stance_of_a_pair(nlp: Pipeline) -> None:  # noqa: F811
    stance = nlp.stance(SENTENCE, target=ENGINEERS, holder=VENN)
    assert isinstance(stance, qs.Stance)
    assert stance.probabilities is not None
    assert sum(stance.probabilities.values()) == pytest.approx(1)
    assert stance.label == max(stance.probabilities, key=lambda name: stance.probabilities[name])
    assert stance.score is not None
    assert -1 <= stance.score <= 1


def test_stance_depends_on_who_holds_it_toward_what(nlp: Pipeline) -> None:  # noqa: F811
    scores = {
        nlp.stance(SENTENCE, target, holder).score
        for target, holder in ((ENGINEERS, None), (ENGINEERS, VENN), (VENN, ENGINEERS))
    }
    assert len(scores) == 3


def test_stances_of_many_pairs_are_those_of_each(nlp: Pipeline) -> None:  # noqa: F811
    pairs = [(SENTENCE, ENGINEERS, VENN), (SENTENCES[3], (0, 11), None), (ARTICLE, (4, 9), None)]
    for stance, pair in zip(nlp.stances(pairs), pairs, strict=True):
        assert_same(stance.probabilities, nlp.stance(*pair).probabilities)
    assert nlp.stances([]) == []


@pytest.mark.parametrize(
    "span", [(0, 0), (5, 2), (-3, 4), (18, 33), (9, 10), (1,), (1, 2, 3), ("a", "b"), 7, (0.5, 3)]
)
@pytest.mark.parametrize("name", ["target", "holder"])
def test_a_span_that_names_no_words(nlp: Pipeline, name: str, span: Any) -> None:  # noqa: F811
    spans: dict[str, Any] = {"target": ENGINEERS, "holder": VENN} | {name: span}
    with pytest.raises(InputError) as caught:
        nlp.stance(SENTENCE, **spans)
    assert str(caught.value) == (
        f"field '{name}': expected (start, end) of words within the 32 code points of the text, "
        f"found {span!r}"
    )
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("count code points")


def test_no_target_is_refused_and_pairs_are_counted(nlp: Pipeline) -> None:  # noqa: F811
    with pytest.raises(InputError, match="field 'target'"):
        nlp.stance(SENTENCE, None, VENN)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"field 'pairs\[1\]\.holder'"):
        nlp.stances([(SENTENCE, ENGINEERS, VENN), (SENTENCE, ENGINEERS, (40, 41))])
    with pytest.raises(InputError, match="field 'text': expected a string, found bytes"):
        nlp.stance(b"text", ENGINEERS)  # type: ignore[arg-type]


def test_stance_in_a_long_text_reads_around_the_target(nlp: Pipeline) -> None:  # noqa: F811
    text = ARTICLE * 40
    at = len(ARTICLE) * 20 + 4
    assert nlp.stance(text, (at, at + 5)).probabilities is not None


# --- any text ---

MARKS = "“”‘’\"'«»„‟`´″′5'10\" "
CHARACTERS = st.one_of(
    st.sampled_from(MARKS + " \n\r\t.,!?abcsaid\x00\u200f\u202e\u2028\ufeff\ud800\udfff"),
    st.characters(),
    st.sampled_from("😀👩‍👩‍👧\u0301שלוםمرحبا中文"),
)


@settings(max_examples=40)
@given(st.text(alphabet=CHARACTERS, max_size=300))
@example("\ud83d\ude00 said “\udc00”")
@example("\x00" * 50)
@example("He said: “שלום לכולם”. قال: «مرحبا».")
@example("👩‍👩‍👧 said “👍🏽”, e\u0301!")
@example("“‘«" * 40)
@example("”’»" * 40)
@example("``It holds,'' she said.")
def test_any_text(nlp: Pipeline, text: str) -> None:  # noqa: F811
    check(nlp(text, keep="attributions"), text)
    check(nlp(text), text)


def test_lone_surrogates_stay_in_the_record(nlp: Pipeline) -> None:  # noqa: F811
    text = ARTICLE.replace("harbor", "har\ud800bor")
    check(nlp(text, keep="attributions"), text)


@pytest.mark.parametrize("mark", ["“", '"', "'", "”", "‘", "«"])
def test_many_marks_of_one_kind(nlp: Pipeline, mark: str) -> None:  # noqa: F811
    text = mark * 500
    check(nlp(text, keep="attributions"), text)


def test_long_text_without_a_space(nlp: Pipeline) -> None:  # noqa: F811
    for text in ("a" * 5_000, "中" * 500, "said“no”" * 100):
        check(nlp(text), text)


# --- loading ---


def test_load_a_folder(tiny_folder: Path, expected: list[qs.AnnotatedArticle]) -> None:  # noqa: F811
    nlp = qs.load(tiny_folder, device="cpu", roster=qs.Roster.empty())  # noqa: F811
    assert (nlp.name, nlp.version) == ("tiny", "0.1.0")
    assert_same(nlp(ARTICLE, keep="attributions").to_dict(), expected[0].to_dict())


def test_load_errors(tiny_folder: Path, tmp_path: Path) -> None:  # noqa: F811
    with pytest.raises(ModelError) as caught:
        qs.load(tmp_path / "nothing")
    assert caught.value.hint is not None
    assert "leave the argument out for the shipped model" in caught.value.hint
    with pytest.raises(ModelError) as caught:
        qs.load(tmp_path)
    assert str(caught.value) == f"expected {tmp_path / 'config.json'}, found no such file"
    with pytest.raises(DeviceError, match="expected auto, cpu or cuda as device, found 'tpu'"):
        qs.load(tiny_folder, device="tpu")
