"""Events in a stream of bytes, wherever the bytes are split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.errors import EngineUnavailable
from clinical.inference.remote.events import LARGEST_LINE_BYTES, event_data

STREAM = (
    ': hello\n\nevent: message\ndata: {"a": "\u2028\u0085é"}\nid: 7\n\ndata:one\ndata: two\n\nretry: 9\n\n'
)
EVENTS = ['{"a": "\u2028\u0085é"}', "one\ntwo"]


@given(st.sampled_from(["\n", "\r\n", "\r"]), st.lists(st.integers(0, 90)))
def test_the_same_events_come_out_wherever_the_bytes_are_split(line_end: str, cuts: list[int]) -> None:
    data = STREAM.replace("\n", line_end).encode() + b": end\n"
    edges = [0, *sorted(cuts), len(data)]
    chunks = [data[a:b] for a, b in zip(edges, edges[1:], strict=False)]
    assert list(event_data(chunks)) == EVENTS


def test_an_event_that_is_cut_off_is_dropped() -> None:
    assert list(event_data([b"data: one\n\ndata: two\n"])) == ["one"]


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="UTF-8"):
        list(event_data([b"data: \xff\n\n"]))


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(EngineUnavailable, match="too long"):
        list(event_data([b"x" * 65536] * (LARGEST_LINE_BYTES // 65536 + 2)))
