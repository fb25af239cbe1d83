"""Server-sent events, however their bytes are cut."""

from __future__ import annotations

import pytest

from bot.server.sse import Event, EventStream, OversizedEvent


@pytest.mark.parametrize(
    ("sent", "events"),
    [
        pytest.param(b"data: a\n\n", [Event("message", "a")], id="the plainest one"),
        pytest.param(b"data: a\r\n\r\n", [Event("message", "a")], id="with line ends of Windows"),
        pytest.param(
            b"data: a\r\rdata: b\r\r", [Event("message", "a"), Event("message", "b")], id="of old Macs"
        ),
        pytest.param(b"\xef\xbb\xbfdata: a\n\n", [Event("message", "a")], id="a byte order mark in front"),
        pytest.param(b"event: ping\ndata: {}\n\n", [Event("ping", "{}")], id="with a name"),
        pytest.param(
            b"event: ping\n\ndata: a\n\n", [Event("message", "a")], id="a name without data is nothing"
        ),
        pytest.param(b"data: a\ndata: b\n\n", [Event("message", "a\nb")], id="data in two lines"),
        pytest.param(b"data\n\n", [Event("message", "")], id="a field without a colon is empty"),
        pytest.param(b"data:  a\n\n", [Event("message", " a")], id="one blank after the colon is cut off"),
        pytest.param(b": ping\n\n:\n\n", [], id="comments are signs of life"),
        pytest.param(b"what: is this\n\x00\n\n", [], id="unknown fields and rubbish are left out"),
        pytest.param("data: 改\n\n".encode(), [Event("message", "改")], id="text beyond ASCII"),
        pytest.param(b"data: \xff\n\n", [Event("message", "\ufffd")], id="bytes that are no text"),
        pytest.param(b"data: a\n", [], id="an event that never ends"),
    ],
)
def test_events_are_read_however_they_are_cut(sent, events):
    """All at once, byte for byte, and in threes: the same events."""
    for size in (len(sent), 1, 3):
        stream = EventStream()
        parts = [sent[start : start + size] for start in range(0, len(sent), size)]
        assert [event for part in parts for event in stream.feed(part)] == events


def test_an_id_and_a_wait_are_remembered():
    """The id once its event is whole; the wait in seconds, unless it is no number."""
    stream = EventStream(last_id="6")
    stream.feed(b"id: 7\nretry: 2500\nretry: soon\ndata: a\n")
    assert (stream.last_id, stream.retry) == ("6", 2.5)
    stream.feed(b"\n")
    assert stream.last_id == "7"
    stream.feed(b"id: a\0b\ndata: b\n\n")
    assert stream.last_id == "7"


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([b"data: ", b"x" * 60, b"x" * 60], id="in one line without end"),
        pytest.param([b"data: " + b"x" * 40 + b"\n"] * 3, id="in many lines"),
        pytest.param([b"data\n" * 101], id="in lines of nothing"),
    ],
)
def test_an_event_has_a_largest_size(parts):
    """A relay cannot fill the memory."""
    stream = EventStream(largest=100)
    with pytest.raises(OversizedEvent):
        [stream.feed(part) for part in parts]


def test_reading_is_linear():
    """A megabyte in small pieces, one line: well under a second."""
    stream = EventStream()
    stream.feed(b"data: ")
    for _ in range(16_384):
        stream.feed(b"x" * 64)
    (event,) = stream.feed(b"\n\n")
    assert len(event.data) == 16_384 * 64
