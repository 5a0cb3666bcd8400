"""The labelling configuration: what a project in Label Studio shows, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable

from quotestance.quotes import KINDS, MODES, POLARITIES, STANCES, TARGET_TYPES

NAME = "Label Studio"
LABELS = {"content": "Content", "cue": "Cue", "source": "Source", "target_span": "Target"}
NO_QUOTE = "no quote"


def _choices(name: str, values: Iterable[str]) -> str:
    options = "".join(f'<Choice value="{value}"/>' for value in values)
    return (
        f'    <Header value="{name.replace("_", " ")}" size="6"/>\n'
        f'    <Choices name="{name}" toName="text" perRegion="true" '
        f'choice="single-radio" showInline="true">{options}</Choices>\n'
    )


def _box(name: str, hint: str) -> str:
    return (
        f'    <Header value="{name}" size="6"/>\n'
        f'    <TextArea name="{name}" toName="text" perRegion="true" editable="true" rows="1" '
        f'placeholder="{hint}"/>\n'
    )


LABELLING_CONFIG = (
    "<View>\n"
    "  <Style>.htx-text, .lsf-richtext__line { white-space: pre-wrap; }</Style>\n"
    '  <Labels name="role" toName="text" showInline="true">\n'
    '    <Label value="Content" background="#2f6fab"/>\n'
    '    <Label value="Cue" background="#8a5a00"/>\n'
    '    <Label value="Source" background="#3b7a3b"/>\n'
    '    <Label value="Target" background="#9b3b6a"/>\n'
    "  </Labels>\n"
    '  <Text name="text" value="$text" granularity="symbol" saveTextResult="yes"/>\n'
    '  <View visibleWhen="region-selected" whenTagName="role" whenLabelValue="Content">\n'
    + _choices("kind", KINDS)
    + _choices("polarity", POLARITIES)
    + _choices("mode", MODES)
    + _choices("stance", STANCES)
    + _box("speakers", "Name | type, one entry a speaker")
    + _box("via", "channel, nearest to the speaker first")
    + _box("target", "toward what")
    + _choices("target_type", TARGET_TYPES)
    + _choices("is_quote", (NO_QUOTE,))
    + "  </View>\n</View>\n"
)
