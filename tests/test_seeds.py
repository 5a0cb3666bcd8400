"""The hand labels of ``seeds/``: their form, and the shipped model against them."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

from quotestance.errors import InputError
from quotestance.evaluation.spans import Tokens, align
from quotestance.evaluation.speakers import attributed, names, normalize
from quotestance.records import Article, read_records

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
MODEL = ROOT / "models" / "small"

needs_model = pytest.mark.skipif(
    not (MODEL / "model.safetensors").exists(), reason="models/small is not in this checkout"
)


def load_script(path):
    """A script of the checkout as a module, without putting its folder on the path."""
    name = f"script_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


markup = load_script(SEEDS / "markup.py")
challenge = load_script(ROOT / "benchmarks" / "challenge.py")


@pytest.fixture(scope="module")
def seed():
    return read_records(SEEDS / "seed-article.jsonl")[0]


@pytest.fixture(scope="module")
def cases():
    return read_records(SEEDS / "challenge.jsonl")


# The labels themselves.


def test_seed_article_is_unchanged(seed):
    data = (SEEDS / "seed-article.txt").read_bytes()
    expected = "a35f0697cb2e13b81bbeb6cdadfd4775f94d2ef5a1e3df663af95cc371664f93"
    assert hashlib.sha256(data).hexdigest() == expected
    assert seed.text.encode() == data


def test_seed_labels(seed):
    assert [q.id for q in seed.quotes if q.is_quote] == [
        *("q1", "q2", "q3", "q5", "q6", "q7", "q8", "q9", "q10", "q11")
    ]
    assert {s.name for q in seed.quotes for s in q.speakers} == {
        *("Antony Blinken", "Qin Gang", "Wang Yi", "Xi Jinping", "Joe Biden", "Reuters")
    }
    assert [s.name for s in seed["q1"].speakers] == ["Antony Blinken", "Qin Gang"]
    assert seed["q3"].via == ("US Department of State",)
    assert seed["q7"].via == ("Ministry of Foreign Affairs of China",)
    assert seed["q11"].via == ("The Guardian",)


def test_each_seed_label_is_justified(seed):
    notes = (SEEDS / "seed-article.md").read_text("utf-8")
    assert [q.id for q in seed.quotes if f"**{q.id}**" not in notes] == []


def test_generated_files_are_up_to_date():
    stale = [p.name for p, text in markup.build().items() if p.read_text("utf-8") != text]
    assert stale == [], "run: python -m seeds.markup"


def test_each_phenomenon_has_twenty_cases(cases):
    counts = Counter(doc.extra["phenomenon"] for doc in cases)
    assert set(counts) == set(markup.PHENOMENA) == set(challenge.LABELS)
    assert {name: n for name, n in counts.items() if n < 20} == {}


def test_cases_are_fiction_with_ids_of_their_phenomenon(cases):
    ids = [doc.id for doc in cases]
    assert len(set(ids)) == len(ids)
    wrong = [d.id for d in cases if not d.id.startswith(f"fiction-{d.extra['phenomenon']}-")]
    assert wrong == []


def test_every_span_is_whole_words(seed, cases):
    cut = []
    for doc in [seed, *cases]:
        for quote in doc.quotes:
            spans = [*quote.content, *quote.cue, *quote.source]
            spans += [quote.target_span] if quote.target_span else []
            cut += [(doc.id, quote.id, s.text) for s in spans if cuts_a_word(doc.text, *s)]
    assert cut == []


def cuts_a_word(text, start, end):
    if not text[start:end].strip():
        return True
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return before or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())


def test_every_quote_is_fully_labelled(seed, cases):
    for doc in [seed, *cases]:
        known = {quote.id for quote in doc.quotes}
        for quote in doc.quotes:
            place = f"{doc.id} {quote.id}"
            assert quote.unlabelled == frozenset(), place
            assert quote.kind and quote.mode and quote.polarity and quote.stance, place
            assert quote.speakers, place
            assert (quote.target is None) == (quote.target_type is None), place
            assert quote.target or quote.stance.label == "neutral", place
            assert quote.inside is None or quote.inside in known, place


def test_nested_cases_hold_a_quote_inside_a_quote(cases):
    nested = [d for d in cases if d.extra["phenomenon"] == "quote-in-quote"]
    assert [d.id for d in nested if not any(q.inside and q.via for q in d.quotes)] == []


# The markup.


def marked(tmp_path, labels, text):
    path = tmp_path / "case.txt"
    path.write_text(f"# about\n=== fiction-case-01\n{labels}\n---\n{text}\n", "utf-8")
    return markup.read_marked(path)


def test_markup_gives_code_point_offsets(tmp_path):
    labels = "date: 2031-01-02\n1 Oda Brack = O. Brack | critical -> Halden Rail (organization)"
    text = "😀 {s1:Oda Brack} {q1:called} {t1:Halden Rail} {c1:“a {c2:\\{sic\\}} joke”}."
    labels += "\n2 ? (group) | neutral -> none | denied | thought | via Oda Brack < Post = The Post"
    (record,) = marked(tmp_path, labels, text)
    assert record["text"] == "😀 Oda Brack called Halden Rail “a {sic} joke”."
    first, second = record["quotes"]
    assert first["source"] == [[2, 11]] and first["content"] == [[31, 45]]
    assert first["kind"] == "direct" and first["speakers"][0]["aliases"] == ["O. Brack"]
    assert record["text"][slice(*first["target_span"])] == "Halden Rail"
    assert second["inside"] == "q1" and second["speakers"] == [{"name": None, "type": "group"}]
    assert (second["polarity"], second["mode"]) == ("denied", "thought")
    assert second["via"] == ["Oda Brack", "Post"]
    assert second["via_aliases"] == {"Post": ["The Post"]}


@pytest.mark.parametrize(
    ("labels", "text", "message"),
    [
        ("", "{c1:no}", "quote 1 is marked in the text and has no label line"),
        ("1 A | neutral -> none", "no", "quote 1 has a label line and is not marked"),
        ("1 A | neutral -> none", "{q1:said}", "quote 1 has no content"),
        ("1 A | neutral -> none", "{c1:no", "{c1: is never closed"),
        ("1 A | neutral -> none", "{c1:no}}", "a brace closes nothing after 'no'"),
        ("1 A | neutral -> none", "{x1:no}", "expected a role such as c1, found '{x1:no}'"),
        ("1 A | neutral -> none", "{c1:no }", "expected words without space at the edges"),
        ("1 A | neutral -> none", "{c1:no {q1:said}}", "'said' stands inside its own content"),
        ("1 A | critical -> none", "{c1:no}", "a critical quote needs a target, found none"),
        ("1 A | cross -> none", "{c1:no}", "found 'cross'"),
        ("1 A | neutral -> B (thing)", "{c1:no {t1:B}}", "found 'thing'"),
        ("1 A | neutral -> B (person)", "{c1:no}", "target 'B', 0 target spans"),
        ("1 A (god) | neutral -> none", "{c1:no}", "found 'god'"),
        ("1 A | neutral -> none | loud", "{c1:no}", "unknown flag 'loud'"),
        ("1 A | neutral -> none\n1 B | neutral -> none", "{c1:no}", "two label lines"),
        ("1 A | neutral -> none\n2 B | neutral -> none", "{c1:a {c2:b} c}", "names none of A"),
        ("date: soon", "no", "YYYY-MM-DD"),
    ],
)
def test_markup_refuses_contradictions(tmp_path, labels, text, message):
    with pytest.raises(InputError) as caught:
        marked(tmp_path, labels, text)
    assert message in str(caught.value)
    assert "case.txt:2" in str(caught.value) and "fiction-case-01" in str(caught.value)


@pytest.mark.parametrize(
    ("contents", "kind"),
    [
        (["“all of it,”"], "direct"),
        (["“one,”", "“two.”"], "direct"),
        (["“runs on", "“and ends.”"], "direct"),
        (["'single'"], "direct"),
        (["``doubled''"], "direct"),
        (["that it was “all” of it"], "mixed"),
        (["“one” and “two” more"], "mixed"),
        (["the ‘cost’ of it"], "mixed"),
        (["the workers’ share"], "indirect"),
        (["that it's fine"], "indirect"),
    ],
)
def test_kind_follows_the_marks(contents, kind):
    assert markup.kind_of(contents) == kind


# The scorer of the challenge.


def test_gold_labels_pass_their_own_cases(cases):
    assert [doc.id for doc in cases if not challenge.judge(doc, doc).passed] == []


def test_a_case_fails_by_its_own_label(cases):
    doc = next(d for d in cases if d.extra["phenomenon"] == "denial")
    flipped = tuple(q.replace(polarity="affirmed") for q in doc.quotes)
    outcome = challenge.judge(doc, replaced(doc, flipped))
    assert (outcome.missed, outcome.spurious, outcome.wrong, outcome.passed) == (0, 0, 1, False)
    assert challenge.judge(doc, None).missed == len(doc.quotes)


def replaced(doc, quotes):
    return type(doc)(text=doc.text, id=doc.id, quotes=quotes)


def test_wilson_interval():
    # Wilson's interval for 15 of 20, worked by hand: 53.1 % to 88.8 %.
    low, high = challenge.wilson(15, 20)
    assert (round(low, 3), round(high, 3)) == (0.531, 0.888)
    assert challenge.wilson(0, 0) == (0.0, 1.0)
    assert challenge.wilson(20, 20)[1] == 1.0


# The shipped model on the seed article.


@pytest.fixture(scope="module")
def predicted(seed):
    import quotestance as qs

    return qs.load()(Article(seed.text, seed.id, date=seed.date))


@needs_model
def test_every_seed_quote_is_found(seed, predicted):
    alignment = align(seed, predicted)
    found = {gold.quote.id for gold, _ in alignment.matched()}
    missed = [one.quote.text for one in alignment.gold if one.quote.id not in found]
    assert missed == []


@needs_model
def test_nine_in_ten_seed_speakers_are_right(seed, predicted):
    alignment = align(seed, predicted)
    wrong = [
        (gold.quote.text, [s.name for s in found.quote.speakers])
        for gold, found in alignment.matched()
        if not attributed(gold.quote, found.quote)
    ]
    assert len(alignment.gold) - len(alignment.matched()) + len(wrong) <= len(alignment.gold) // 10


@needs_model
def test_nobody_is_credited_with_words_not_theirs(seed, predicted):
    tokens, false = Tokens(seed.text), []
    for quote in predicted.quotes:
        said = tokens.within(quote.content)
        for speaker in quote.speakers:
            if speaker.name and len(said & words_of(speaker.name, seed, tokens)) * 2 < len(said):
                false.append((speaker.name, quote.text))
    assert false == []


def words_of(name, seed, tokens):
    """Counted tokens of everything that the labels assign to one speaker."""
    spans = [
        span
        for quote in seed.quotes
        if any(normalize(name) in names(speaker) for speaker in quote.speakers)
        for span in quote.content
    ]
    return tokens.within(spans)


@needs_model
@pytest.mark.parametrize(
    ("quote_id", "channel"),
    [("q7", "Ministry of Foreign Affairs of China"), ("q11", "The Guardian")],
)
def test_seed_channels(seed, predicted, quote_id, channel):
    matched = {gold.quote.id: found.quote for gold, found in align(seed, predicted).matched()}
    assert [normalize(name) for name in matched[quote_id].via] == [normalize(channel)]
