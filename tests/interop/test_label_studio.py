"""Label Studio: the configuration, tasks out, exports in."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given

from quotestance.errors import InputError
from quotestance.interop import LABELLING_CONFIG, from_label_studio, to_label_studio
from quotestance.records import AnnotatedArticle
from tests.interop.interop_records import NO_NUL, TEXT, bare, by_hand, find, records


def through(doc):
    return from_label_studio(json.loads(json.dumps(to_label_studio([doc]))))[0]


def test_a_record_comes_back_whole():
    doc = by_hand()
    assert through(doc) == doc
    assert through(doc).to_dict() == doc.to_dict()


@given(records(NO_NUL, empty_spans=False))
def test_any_record_comes_back_whole(doc):
    assert through(doc).to_dict() == doc.to_dict()


def test_labels_come_back_from_the_regions_alone():
    doc = by_hand()
    (task,) = to_label_studio([doc])
    del task["data"]["quotestance"]
    (back,) = from_label_studio([task])
    assert bare(back) == bare(doc)
    assert back.quotes[0].via == ("Calé Radio", "A | B")
    assert [(s.name, s.type) for s in back.quotes[0].speakers] == [
        ("Orsa Venn", "person"), (None, "group")]  # fmt: skip
    assert back.quotes[0].target == "the ferry\tplan"
    assert [q.is_quote for q in back.quotes] == [True, False, True]
    assert (back.id, back.title, back.date) == (doc.id, doc.title, doc.date)


def test_offsets_are_code_points_and_regions_carry_their_words():
    (task,) = to_label_studio([by_hand()])
    for result in task["predictions"][0]["result"]:
        if result["type"] == "labels":
            value = result["value"]
            assert TEXT[value["start"] : value["end"]] == value["text"]
    assert task["predictions"][0]["model_version"] == "small 1"


def test_the_configuration_names_what_the_tasks_use():
    root = ET.fromstring(LABELLING_CONFIG)
    assert root.tag == "View"
    named = {e.get("name"): e for e in root.iter() if e.get("name")}
    labels = {e.get("value") for e in named["role"].iter("Label")}
    assert named["text"].tag == "Text"
    assert named["text"].get("value") == "$text"
    (task,) = to_label_studio([by_hand()])
    for result in task["predictions"][0]["result"]:
        if result["type"] == "relation":
            continue
        control = named[result["from_name"]]
        assert result["to_name"] == control.get("toName") == "text"
        assert control.tag.lower() == result["type"]
        if result["type"] == "labels":
            assert set(result["value"]["labels"]) <= labels
        else:
            assert control.get("perRegion") == "true"
        if result["type"] == "choices":
            options = {e.get("value") for e in control.iter("Choice")}
            assert set(result["value"]["choices"]) <= options


def corrected(change):
    """The task as Label Studio exports it after a person changed it."""
    (task,) = to_label_studio([by_hand()])
    result = copy.deepcopy(task["predictions"][0]["result"])
    return {**task, "annotations": [{"completed_by": 7, "result": change(result) or result}]}


def test_a_changed_stance_drops_the_numbers_of_the_model():
    def change(result):
        for r in result:
            if r.get("from_name") == "stance" and r["id"] == "q1-content-0":
                r["value"]["choices"] = ["critical"]

    (back,) = from_label_studio([corrected(change)])
    quote = back.quotes[0]
    assert (quote.stance.label, quote.stance.probabilities) == ("critical", None)
    assert quote.confidence.stance is None
    assert quote.target_id == "T9"
    assert back.quotes[1:] == by_hand().quotes[1:]


def test_a_changed_speaker_keeps_what_was_known_of_the_other():
    def change(result):
        for r in result:
            if r.get("from_name") == "speakers":
                r["value"]["text"] = ["Orsa Venn | person", "Ada Quill | person", "Crew"]

    (back,) = from_label_studio([corrected(change)])
    before = by_hand().quotes[0].speakers[0]
    assert [s.name for s in back.quotes[0].speakers] == ["Orsa Venn", "Ada Quill", "Crew"]
    assert back.quotes[0].speakers[0] == before
    assert back.quotes[0].speakers[2].type == "unknown"


def test_deleted_and_added_quotes():
    def change(result):
        kept = [r for r in result if not str(r.get("id", r.get("from_id"))).startswith("q2-")]
        start, end = find("Ferry row")
        kept += [
            {"id": "new", "type": "labels", "from_name": "role", "to_name": "text",
             "value": {"start": start, "end": end, "labels": ["Content"]}},
            {"id": "cue", "type": "labels", "from_name": "role", "to_name": "text",
             "value": {"start": end + 1, "end": end + 3, "labels": ["Cue"]}},
            {"type": "relation", "from_id": "cue", "to_id": "new", "direction": "left"},
        ]  # fmt: skip
        return kept

    (back,) = from_label_studio([corrected(change)])
    assert [q.id for q in back.quotes] == ["q1", "a", "c"]
    assert back.quotes[0].content[0].text == "Ferry row"
    assert back.quotes[0].cue[0].text == "in"
    assert not back.quotes[0].has("stance")
    assert back["c"].inside is None


def test_exports_that_count_utf16_units_are_read():
    (task,) = to_label_studio([by_hand()])
    for result in task["predictions"][0]["result"]:
        for side in ("start", "end"):
            if "value" in result:
                offset = result["value"][side]
                result["value"][side] = len(TEXT[:offset].encode("utf-16-le")) // 2
    assert from_label_studio([task]) == [by_hand()]


def test_words_are_compared_as_browsers_render_them():
    (task,) = to_label_studio([by_hand()])
    for result in task["predictions"][0]["result"]:
        if result["type"] == "labels":
            result["value"]["text"] = result["value"]["text"].replace("\t", " ") + "\\n"
    assert from_label_studio([task]) == [by_hand()]


def test_a_changed_text_is_refused():
    (task,) = to_label_studio([by_hand()])
    task["data"]["text"] = task["data"]["text"].replace("Ferry", "The ferry")
    with pytest.raises(InputError, match=r"tasks\[0\]\.data\.text.*expected the words '“We"):
        from_label_studio([task])


def test_several_annotators():
    task = corrected(lambda result: None)
    task["annotations"].append({"completed_by": {"id": 8, "email": "b@example.org"}, "result": []})
    with pytest.raises(InputError, match=r"found 2 by 7, b@example\.org"):
        from_label_studio([task])
    assert len(from_label_studio([task], 7)[0]) == 3
    assert len(from_label_studio([task], "b@example.org")[0]) == 0
    task["annotations"][0]["was_cancelled"] = True
    assert len(from_label_studio([task])[0]) == 0


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_characters_that_its_databases_refuse(character):
    doc = AnnotatedArticle(f"The ferry{character} sails.", id="fiction-1")
    with pytest.raises(InputError) as caught:
        to_label_studio([doc])
    assert "article 'fiction-1'" in str(caught.value)
    assert f"U+{ord(character):04X}" in str(caught.value)
    assert "offset 9" in str(caught.value)


def test_empty_spans_are_refused():
    doc = AnnotatedArticle.from_dict(
        {"id": "fiction-1", "text": "It sails.", "quotes": [{"id": "q1", "content": [[3, 3]]}]}
    )
    with pytest.raises(InputError, match=r"'q1'.*content \[3, 3\] at offset 3, before U\+0073"):
        to_label_studio([doc])


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({"id": 1}, "expected a list of tasks"),
        ([{"id": 1, "text": "x"}], "JSON-MIN|key 'data'"),
        ([{"data": {}}], r"tasks\[0\]\.data\.text"),
        ([{"data": {"text": "x"}, "predictions": [{"result": [{"type": "labels"}]}]}],
         r"predictions\[0\]\.result\[0\]\.value"),
        ([{"data": {"text": "x"}, "predictions": [{"result": [
            {"type": "labels", "id": "r", "value": {"start": 0, "end": 9, "labels": ["Cue"]}}]}]}],
         r"expected a span of the text"),
        ([{"data": {"text": "x"}, "predictions": [{"result": [
            {"type": "labels", "id": "r", "value": {"start": 0, "end": 1, "labels": ["PER"]}}]}]}],
         "one of Content, Cue, Source, Target"),
    ],
)  # fmt: skip
def test_other_forms_are_refused(tasks, message):
    with pytest.raises(InputError, match=message):
        from_label_studio(tasks)


def test_a_task_without_answers_is_an_article_without_quotes():
    assert from_label_studio([{"id": 5, "data": {"text": "It sails."}}]) == [
        AnnotatedArticle("It sails.", id="5")
    ]
