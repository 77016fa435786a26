"""The compliance officer's page: the audit record, to look at and to take away."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import wraps
from itertools import islice

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit.errors import AuditUnavailable
from compliance.access.models import signed_in_actor
from compliance.errors import AccessDenied
from compliance.officer.export import Format, export_events, newest_events
from compliance.officer.periods import PeriodForm, last_days

EVENTS_SHOWN = 100
LINES_A_CHUNK = 500
MEDIA_TYPES = {Format.NDJSON: "application/x-ndjson", Format.CSV: "text/csv; charset=utf-8"}
UNAVAILABLE = {
    "title": "The audit record cannot be written",
    "detail": "Nothing is shown, because looking at it could not be recorded. Check the database and its disk.",
}

View = Callable[[HttpRequest], HttpResponseBase]


def refusals_shown(view: View) -> View:
    """Return the view, with a refusal and an unavailable record shown as pages."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        try:
            return view(request)
        except AccessDenied as error:
            raise PermissionDenied from error
        except AuditUnavailable:
            return render(request, "problem.html", {"problem": UNAVAILABLE}, status=503)

    return guarded


@require_safe
@refusals_shown
def audit(request: HttpRequest) -> HttpResponse:
    """Show the newest events of a period; without one, of the last days."""
    form = PeriodForm(request.GET or last_days(timezone.localdate()))
    return _page(request, form)


@require_POST
@refusals_shown
def download(request: HttpRequest) -> HttpResponseBase:
    """Send the events of a period as a file, a piece at a time."""
    form = PeriodForm(request.POST)
    if not form.is_valid() or request.POST.get("format") not in list(Format):
        return _page(request, form)
    export_format = Format(request.POST["format"])
    since, until = form.bounds()
    lines = export_events(
        signed_in_actor(request.user), since=since, until=until, export_format=export_format
    )
    days = f"{form.cleaned_data['since']}-to-{form.cleaned_data['until']}"
    return StreamingHttpResponse(
        _chunks(lines),
        content_type=MEDIA_TYPES[export_format],
        headers={"Content-Disposition": f'attachment; filename="tacit-audit-{days}.{export_format}"'},
    )


def _page(request: HttpRequest, form: PeriodForm) -> HttpResponse:
    """Show the form, and the events where the period is valid; whoever may not look is refused either way."""
    since, until = form.bounds() if form.is_valid() else (timezone.now(), timezone.now())
    events = newest_events(signed_in_actor(request.user), since=since, until=until, limit=EVENTS_SHOWN)
    page = {"form": form, "events": events, "events_shown": EVENTS_SHOWN}
    return render(request, "officer/audit.html", page, status=200 if form.is_valid() else 422)


async def _chunks(lines: Iterator[str]) -> AsyncIterator[str]:
    """Pull lines in the thread that owns the database connection; the server's loop never waits for it."""
    while chunk := await sync_to_async(_next_lines)(lines):
        yield chunk


def _next_lines(lines: Iterator[str]) -> str:
    return "".join(islice(lines, LINES_A_CHUNK))
