"""Takes a stream of server-sent events apart, as the HTML standard says, within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

# A webhook of GitHub's largest size, and what a relay puts around it.
LARGEST_EVENT = 32 * 1024 * 1024
_MARK = b"\xef\xbb\xbf"
_LONGEST_FIELD = 1024


class OversizedEvent(Exception):
    """An event is over ``LARGEST_EVENT``: the stream cannot be read on from here."""


@dataclass(frozen=True)
class Event:
    """One event: its name (``message`` if none was given) and its data."""

    name: str
    data: str


@dataclass
class EventStream:
    """Reads events out of bytes as they come, however they are cut.

    ``last_id`` is the id to come back with, ``retry`` how many seconds to wait before that, as far as the
    stream said so.
    """

    largest: int = LARGEST_EVENT
    last_id: str = ""
    retry: float | None = None
    _rest: bytearray = field(default_factory=bytearray)
    _begun: bool = False
    _after_return: bool = False
    _name: str = ""
    _data: list[str] = field(default_factory=list)
    _size: int = 0
    _id: str = ""

    def __post_init__(self) -> None:
        self._id = self.last_id

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and give the events that they complete. Raises ``OversizedEvent``."""
        # The second half of a line end may come with the next bytes.
        rest = data[1:] if self._after_return and data.startswith(b"\n") else data
        self._after_return = data.endswith(b"\r") if data else self._after_return
        lines = rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        events = []
        for line in lines[:-1]:
            self._rest += line
            event = self._line(bytes(self._rest))
            self._rest.clear()
            if event is not None:
                events.append(event)
        self._rest += lines[-1]
        self._check(len(self._rest))
        return events

    def _line(self, line: bytes) -> Event | None:
        if not self._begun:
            self._begun, line = True, line.removeprefix(_MARK)
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        self._field(bytes(name), value.removeprefix(b" "))
        return None

    def _field(self, name: bytes, value: bytes) -> None:
        """Take one field in; comments have no name, and fields that nobody knows are left out."""
        if name == b"data":
            self._check(len(value) + 1)
            self._size += len(value) + 1
            self._data.append(value.decode("utf-8", "replace"))
        elif name == b"event":
            self._name = value[:_LONGEST_FIELD].decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value and len(value) <= _LONGEST_FIELD:
            self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) <= len("86400000"):
            self.retry = int(value) / 1000

    def _dispatch(self) -> Event | None:
        self.last_id = self._id
        event = Event(self._name or "message", "\n".join(self._data)) if self._data else None
        self._name, self._data, self._size = "", [], 0
        return event

    def _check(self, more: int) -> None:
        if self._size + more > self.largest:
            raise OversizedEvent
