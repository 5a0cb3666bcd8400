"""Offsets that count bytes or UTF-16 units, turned into code points."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from quotestance.checking.check import Record, parse_file, units_of
from quotestance.checking.units import CODE_POINTS, Offsets, pairs_of
from quotestance.errors import InputError


def repair_file(path: str | Path, output: str | Path) -> dict[int, str]:
    """Write a copy of a labelled file in which all offsets count code points.

    Nothing but offsets is changed; unknown keys and other faults stay as they are.

    Args:
        path: The file.
        output: Where the copy goes. The file itself may be named; it is replaced at the end.

    Returns:
        The unit that was found, by line, of each record that was mended.

    Raises:
        InputError: A file cannot be read or written, or a line is not a JSON object.
    """
    records, faults = parse_file(path)
    if faults:
        raise InputError(
            f"expected JSON objects, found {faults[0].found}",
            file=path,
            line=faults[0].line,
            hint="mend the line first: offsets can only be repaired in lines that parse",
        )
    mended: dict[int, str] = {}
    lines = []
    for record, unit in zip(records, units_of(records), strict=True):
        data = record.data
        if unit != CODE_POINTS:
            data = _mended(record, unit)
            mended[record.line] = unit
        lines.append(json.dumps(data, ensure_ascii=True) + "\n")
    target = Path(output)
    # The file itself may be the target: it is replaced in one step, once all is written.
    part = target.with_name(target.name + ".part")
    try:
        part.write_text("".join(lines), encoding="utf-8", newline="\n")
        part.replace(target)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", file=output, hint="choose another --output"
        ) from None
    return mended


def _mended(record: Record, unit: str) -> dict[str, object]:
    data = copy.deepcopy(record.data)
    offsets = Offsets(data["text"], unit)
    for _, pair in pairs_of(data):
        read = [offsets.code_points(offset) for offset in pair]
        if -1 not in read:  # an offset inside a character stays, and stays a fault
            pair[:] = read
    return data
