"""The record format: reading, writing, and what it refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.errors import InputError
from quotestance.records import (
    KINDS,
    MODES,
    POLARITIES,
    ROW_COLUMNS,
    SPEAKER_TYPES,
    STANCES,
    TARGET_TYPES,
    AnnotatedArticle,
    Article,
    Confidence,
    Entity,
    Quote,
    Span,
    Speaker,
    Stance,
    read_records,
    write_records,
)

TEXT = "“We will stay,” said Ilsa Torvane of the harbour board, The Norrick Courier reported."


def quote(**changes):
    base = {
        "id": "q1",
        "content": (Span(0, 15),),
        "cue": (Span(16, 20),),
        "source": (Span(21, 53),),
        "kind": "direct",
        "speakers": (Speaker("Ilsa Torvane", "person", mention=Span(21, 33)),),
        "via": ("The Norrick Courier",),
        "stance": Stance("supportive", {"supportive": 0.7, "neutral": 0.2, "critical": 0.1}),
        "target": "harbour board",
        "target_type": "organization",
        "target_span": Span(41, 54),
        "confidence": Confidence(0.9, 0.8, 0.7),
    }
    return Quote(**{**base, **changes})


def record(**changes):
    return AnnotatedArticle(**{"text": TEXT, "id": "fiction-1", "quotes": (quote(),), **changes})


# Any code point, lone surrogates too.
any_text = st.text(st.characters(exclude_categories=()), max_size=30)
maybe_text = st.none() | any_text
probability = st.floats(0, 1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def extras(*known):
    return st.dictionaries(any_text.map(lambda key: "x-" + key), json_values, max_size=2)


@st.composite
def spans(draw, size):
    start = draw(st.integers(0, size))
    return Span(start, draw(st.integers(start, size)))


def stances():
    numbers = st.fixed_dictionaries({name: probability for name in STANCES})
    return st.none() | st.builds(Stance, st.sampled_from(STANCES), st.none() | numbers)


def speakers(size):
    return st.builds(
        Speaker,
        name=maybe_text,
        type=st.sampled_from(SPEAKER_TYPES),
        id=maybe_text,
        role=maybe_text,
        mention=st.none() | spans(size),
        confidence=st.none() | probability,
        aliases=st.lists(any_text, max_size=2).map(tuple),
        steps=st.lists(any_text, max_size=2).map(tuple),
        extra=extras(),
    )


def quotes(size):
    pieces = st.lists(spans(size), max_size=3).map(tuple)
    maybe_probability = st.none() | probability
    return st.builds(
        Quote,
        id=any_text,
        content=pieces,
        cue=pieces,
        source=pieces,
        kind=st.none() | st.sampled_from(KINDS),
        speakers=st.lists(speakers(size), max_size=2).map(tuple),
        via=st.lists(any_text, max_size=2).map(tuple),
        polarity=st.sampled_from(POLARITIES),
        mode=st.sampled_from(MODES),
        stance=stances(),
        target=maybe_text,
        target_type=st.none() | st.sampled_from(TARGET_TYPES),
        target_span=st.none() | spans(size),
        target_id=maybe_text,
        inside=maybe_text,
        is_quote=st.booleans(),
        confidence=st.builds(Confidence, maybe_probability, maybe_probability, maybe_probability),
        extra=extras(),
    )


@st.composite
def records(draw):
    text = draw(any_text)
    entity = st.builds(
        Entity,
        any_text,
        maybe_text,
        any_text,
        st.lists(spans(len(text)), max_size=2).map(tuple),
    )
    model = st.fixed_dictionaries({"name": any_text, "version": any_text})
    return AnnotatedArticle(
        text=text,
        id=draw(any_text),
        title=draw(maybe_text),
        outlet=draw(maybe_text),
        date=draw(st.none() | st.dates().map(str)),
        meta=draw(st.dictionaries(any_text, json_values, max_size=2)),
        quotes=tuple(draw(st.lists(quotes(len(text)), max_size=3))),
        entities=tuple(draw(st.lists(entity, max_size=2))),
        model=draw(st.none() | model),
        warnings=tuple(draw(st.lists(any_text, max_size=2))),
        extra=draw(extras()),
    )


@given(records())
def test_any_record_survives_dict_and_json(doc):
    assert AnnotatedArticle.from_dict(doc.to_dict()) == doc
    line = doc.to_json()
    assert "\n" not in line
    assert line.isascii()
    assert AnnotatedArticle.from_dict(json.loads(line)) == doc


@given(records())
def test_every_span_carries_its_own_words(doc):
    for q in doc:
        for span in (*q.content, *q.cue, *q.source):
            assert span.text == doc.text[span.start : span.end]


@given(st.lists(records(), max_size=3))
def test_files_give_back_what_was_written(tmp_path_factory, docs):
    path = tmp_path_factory.mktemp("records") / "docs.jsonl"
    write_records(path, (doc for doc in docs))
    assert read_records(path) == docs


def test_json_has_the_keys_of_the_guide():
    q = record().to_dict()["quotes"][0]
    assert q["content"] == [[0, 15]]
    assert q["stance"] == "supportive"
    assert q["stance_probabilities"] == {"supportive": 0.7, "neutral": 0.2, "critical": 0.1}
    assert q["stance_score"] == pytest.approx(0.6)
    assert q["speakers"] == [{"name": "Ilsa Torvane", "type": "person", "mention": [21, 33]}]
    assert q["confidence"] == {"quote": 0.9, "speaker": 0.8, "stance": 0.7}
    assert "is_quote" not in q
    assert record().to_dict()["format"] == 1


def test_missing_keys_are_unlabelled_and_stay_missing():
    data = {"text": TEXT, "quotes": [{"id": "q1", "content": [[0, 15]], "cue": []}]}
    q = AnnotatedArticle.from_dict(data).quotes[0]
    assert q.has("cue")
    assert not q.has("stance")
    assert q.to_dict() == {"id": "q1", "content": [[0, 15]], "cue": []}
    assert q.replace(stance=Stance("neutral")).to_dict()["stance"] == "neutral"


def test_unknown_keys_survive_on_every_level():
    data = record().to_dict()
    data["checked_by"] = "mt"
    data["quotes"][0]["stance_alternative"] = "neutral"
    data["quotes"][0]["speakers"][0]["party"] = "Harbour List"
    assert AnnotatedArticle.from_dict(data).to_dict() == data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, "field 'text': expected a string, found NoneType"),
        ({"date": "19 June 2023"}, "field 'date': expected a date as YYYY-MM-DD or null"),
        ({"date": "2023-02-30"}, "field 'date': expected a day of the calendar"),
        ({"format": 2}, "field 'format': expected 1, found 2"),
        ({"quotes": {}}, "field 'quotes': expected a list"),
        ({"quotes": [{"id": "q1"}]}, "field 'quotes[0].content': expected a list"),
        ({"quotes": [{"content": []}]}, "field 'quotes[0].id': expected a string, found None"),
        (
            {"quotes": [{"id": "q", "content": [[5, 2]]}]},
            "field 'quotes[0].content[0]': expected [start, end] with 0 <= start <= end",
        ),
        (
            {"quotes": [{"id": "q", "content": [[0, 99]]}]},
            "field 'quotes[0].content[0]': expected a span within the 85 code points",
        ),
        (
            {"quotes": [{"id": "q", "content": [], "stance": "positive"}]},
            "field 'quotes[0].stance': expected one of supportive, neutral, critical",
        ),
        (
            {"quotes": [{"id": "q", "content": [], "speakers": [{"name": 7}]}]},
            "field 'quotes[0].speakers[0].name': expected a string or null, found 7",
        ),
        ({"entities": [{"id": "e"}]}, "field 'entities[0].type': expected a string"),
        ({"warnings": [1]}, "field 'warnings[0]': expected a string, found 1"),
    ],
)
def test_faults_name_the_field(change, message):
    with pytest.raises(InputError) as caught:
        AnnotatedArticle.from_dict({"text": TEXT, **change})
    assert str(caught.value).startswith(message)


def test_faults_of_a_file_name_file_and_line(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(record().to_json() + "\n\n" + '{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_records(path)
    assert str(caught.value) == f"{path}:3: field 'text': expected a string, found no such key"


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path):
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "caf\xe9"}\n')
    with pytest.raises(InputError, match="expected UTF-8, found byte 0xe9 at byte 27"):
        read_records(path)


def test_text_must_be_a_string():
    with pytest.raises(InputError, match="field 'text': expected a string, found bytes") as caught:
        Article(b"abc")
    assert "nlp.pipe" in caught.value.hint


def test_views_of_an_article():
    doc = record(quotes=(quote(), quote(id="q2", speakers=())))
    assert len(doc) == 2
    assert doc["q2"].id == "q2"
    assert [q.id for q in doc.speakers["Ilsa Torvane"]] == ["q1"]
    with pytest.raises(KeyError, match="no quote has the id 'q3'; found: q1, q2\""):
        _ = doc["q3"]
    with pytest.raises(KeyError, match="found: none"):
        _ = record(quotes=())["q1"]
    many = record(quotes=tuple(quote(id=f"q{n}") for n in range(1, 10)))
    with pytest.raises(KeyError, match=r"found: q1, q2, q3, q4, q5, q6, q7, q8 \.\.\."):
        _ = many["q99"]


def test_correcting_a_speaker_keeps_the_mention_and_marks_the_record():
    doc = record().with_speaker("q1", "Orsolya Venn")
    speaker = doc["q1"].speaker
    assert (speaker.name, speaker.mention, speaker.confidence) == (
        "Orsolya Venn", Span(21, 33), 1.0,
    )  # fmt: skip
    assert speaker.steps == ("corrected by hand",)
    assert doc.to_dict()["corrected"] is True
    with pytest.raises(InputError, match="no quote has the id 'q9'; found: q1"):
        record().with_speaker("q9", "Orsolya Venn")


@pytest.mark.parametrize(
    ("name", "type", "message"),
    [
        ("", "person", "field 'name': expected a name, or None to withhold it, found ''"),
        (" ", "person", "field 'name': expected a name, or None to withhold it, found ' '"),
        (5, "person", "field 'name': expected a name, or None to withhold it, found 5"),
        (
            "Orsolya Venn",
            "alien",
            "field 'type': expected one of person, organization, group, document, unknown, "
            "found 'alien'",
        ),
    ],
)
def test_a_correction_that_names_nobody_is_refused(name, type, message):
    with pytest.raises(InputError) as raised:
        record().with_speaker("q1", name, type)
    assert str(raised.value) == message


def test_a_corrected_name_that_the_article_knows_links_to_its_entity():
    board = Entity("E1", "Harbour Board", "organization", ())
    venn = Entity("E2", "Orsolya Venn", "person", ())
    spoken = Speaker("Orsolya Venn", "person", id="E2", role="Mayor")
    doc = record(entities=(board, venn), quotes=(quote(), quote(id="q2", speakers=(spoken,))))

    def corrected(name, type=None):
        found = doc.with_speaker("q1", name, type)["q1"].speaker
        return found.type, found.id, found.role

    assert corrected("Orsolya Venn") == ("person", "E2", "Mayor")
    assert corrected("Harbour Board") == ("organization", "E1", None)
    assert corrected("Harbour Board", "group") == ("group", None, None)
    assert corrected("Bela Quill") == ("person", None, None)


def test_a_corrected_name_that_two_share_links_to_neither():
    people = tuple(Entity(id, "Bela Quill", "person", ()) for id in ("E1", "E2"))
    found = record(entities=people).with_speaker("q1", "Bela Quill")["q1"].speaker
    assert (found.type, found.id) == ("person", None)


def test_a_name_withheld_by_hand_has_no_confidence():
    doc = record().with_speaker("q1", None)
    speaker = doc["q1"].speaker
    assert (speaker.name, speaker.type, speaker.confidence) == (None, "person", None)
    assert doc["q1"].confidence == Confidence(0.9, None, 0.7)
    bare = record(quotes=(quote(speakers=()),)).with_speaker("q1", None)
    assert bare["q1"].speaker.type == "unknown"


def test_to_pandas_has_one_row_a_quote():
    pytest.importorskip("pandas")
    frame = record(quotes=(quote(), quote(id="q2", stance=None, speakers=()))).to_pandas()
    assert list(frame.columns) == list(ROW_COLUMNS)
    assert frame["content"].tolist() == ["“We will stay,”"] * 2
    assert frame["speaker"].tolist()[0] == "Ilsa Torvane"
    assert frame["stance"].tolist()[0] == "supportive"
    assert list(record(quotes=()).to_pandas().columns) == list(ROW_COLUMNS)


def test_stance_score_and_confidence():
    stance = quote().stance
    assert stance.score == pytest.approx(0.6)
    assert stance.confidence == pytest.approx(0.7)
    assert Stance("neutral").score is None
