"""Search the audit record for an officer; the use is recorded before anything is shown."""

from dataclasses import dataclass
from typing import Any

from audit.services import Place, read_page
from compliance.access.domain import Action, Actor
from compliance.access.services import authorize_use
from compliance.officer.fhir.cursor import Cursor, read_cursor, write_cursor
from compliance.officer.fhir.errors import SearchInvalid
from compliance.officer.fhir.search import Parameters, search_of

CURSOR = "_cursor"


@dataclass(frozen=True)
class Found:
    """A page of AuditEvents, and the cursor of the next one; empty where there is none."""

    documents: list[dict[str, Any]]
    next_cursor: str


def search_events(actor: Actor, parameters: Parameters) -> Found:
    """Return a page of what matches. PHI. Raises: SearchInvalid, AccessDenied (recorded first), AuditUnavailable."""
    parameters, place = _where(actor, parameters)
    search = search_of(parameters)
    detail: dict[str, object] = {
        "filters": search.named,
        "since": search.query.since.isoformat(),
        "until": search.query.until.isoformat(),
    }
    authorize_use(actor, action=Action.READ_AUDIT, detail=detail, about=search.patient_id)
    page = read_page(search.query, limit=search.count, is_newest_first=search.is_newest_first, after=place)
    next_cursor = ""
    if page.last is not None:
        next_cursor = write_cursor(Cursor(parameters, page.last), username=actor.username)
    return Found(page.documents, next_cursor)


def _where(actor: Actor, parameters: Parameters) -> tuple[Parameters, Place | None]:
    """Return the parameters and the place to go on from."""
    if CURSOR not in parameters:
        return parameters, None
    if len(parameters) > 1 or len(parameters[CURSOR]) > 1:
        raise SearchInvalid(f"{CURSOR} stands alone: it holds the whole search")
    return read_cursor(parameters[CURSOR][0], username=actor.username)
