import pytest

from quotestance.quotes import Span
from quotestance.stages.polarity import is_denied


def spans(text, *words):
    return [Span(text.index(w), text.index(w) + len(w)) for w in words]


@pytest.mark.parametrize(
    ("text", "cue", "content", "denied"),
    [
        ("Voss did not say that the pier was shut.", "did not say", "that the pier", True),
        ("Voss denied that she had met Tate.", "denied", "that she had met Tate", True),
        ("Voss declined to confirm the raid.", "declined to confirm", "the raid", True),
        ("Voss refused to rule out a strike.", "refused to rule out", "a strike", True),
        ("The firm has never said the plant is safe.", "said", "the plant is safe", True),
        ("Neither side would say who began.", "would say", "who began", True),
        ("Tate rejected claims that he lied.", "rejected", "claims that he lied", True),
        ("Tate rejected the offer.", "rejected", "the offer", False),
        ("Tate said it was not safe.", "said", "it was not safe", False),
        ("Tate not only said the wall would fall.", "not only said", "the wall would fall", False),
        ("Tate did not deny that he was there.", "did not deny", "that he was there", False),
        ("It was not far. Tate said the wall held.", "said", "the wall held", False),
    ],
)
def test_cues_of_denial(text, cue, content, denied):
    assert is_denied(text, spans(text, cue), spans(text, content)) is denied


def test_without_a_cue_nothing_is_denied():
    text = "“I did not do it.”"
    assert not is_denied(text, [], [Span(0, len(text))])
