"""Logs say what happened and where in the code, never what a request held."""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class ForgetfulFormatter(logging.Formatter):
    """Formats an exception as its type and code locations: its message may quote the request."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and one for each frame of an exception."""
        record.exc_text = None  # another handler may have cached the full text
        if request := getattr(record, "request", None):
            # Django's own message holds the path (or the host name, or the header) as it was sent.
            record.msg, record.args = "%s at %s", (getattr(record, "status_code", "failed"), _route(request))
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name is logging's
        """Return the exception's type and frames, without its message."""
        kind, _, trace = ei
        frames = [
            f"  at {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
        ]
        return "\n".join([kind.__name__ if kind else "no exception", *frames])


def _route(request: object) -> str:
    """Return the pattern that the address matched, which holds none of the address's own words."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "no known address"
