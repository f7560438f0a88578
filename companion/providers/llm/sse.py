"""Server-sent events from bytes, as far as token streams need them: the `data` field."""

# One event of a token stream is a few hundred bytes; a line that does not end is not an event stream.
LONGEST_LINE = 1_048_576


class LineTooLong(Exception):
    """More than LONGEST_LINE bytes without an end of line."""


class SSEDecoder:
    """Feed it what the network gave; it returns the data of each event that is complete.

    It cuts at line ends only, so a character that is split over two reads stays whole.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """Raises LineTooLong."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > LONGEST_LINE:
            raise LineTooLong
        events: list[bytes] = []
        for line in lines:
            self._take(line, events)
        return events

    def finish(self) -> list[bytes]:
        """The event that the end of the stream completes, if any: some servers leave out the last empty line."""
        events: list[bytes] = []
        for line in (self._rest, b""):
            self._take(line, events)
        self._rest = b""
        return events

    def _take(self, line: bytes, events: list[bytes]) -> None:
        line = line.rstrip(b"\r")
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
        elif not line and self._data:
            events.append(b"\n".join(self._data))
            self._data.clear()
