"""An answer as server-sent events, pulled one by one so that the web server never waits for the model.

Source: WHATWG HTML, server-sent events. Each event is one `event:` line and one `data:` line of JSON.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from clinical.answers.document import (
    answer_document,
    claim_document,
    fact_document,
    finding_document,
    receipt_document,
    routing_document,
    safety_document,
    score_document,
    source_document,
)
from clinical.answers.domain import (
    AnswerEvent,
    ChartRead,
    ClaimChecked,
    EvidenceFound,
    Finished,
    SafetyChecked,
    ScoresComputed,
    SpecialtyChosen,
)
from clinical.problems import problem_document, problem_of

logger = logging.getLogger(__name__)

MEDIA_TYPE = "text/event-stream"
Rendered = tuple[str, dict[str, Any]]


def json_event(event: AnswerEvent) -> Rendered:
    """Name and JSON of an event: `facts`, `specialty`, `calculators`, `safety`, `evidence`, `claim`, `answer`, `receipt`."""
    if isinstance(event, ChartRead):
        return "facts", {
            "facts": [fact_document(fact) for fact in event.chart.facts],
            "findings": [finding_document(finding) for finding in event.chart.findings],
        }
    if isinstance(event, SpecialtyChosen):
        return "specialty", {"specialty": routing_document(event.routing)}
    if isinstance(event, ScoresComputed):
        return "calculators", {
            "calculators": [score_document(score) for score in event.scores],
            "missing": list(event.missing),
        }
    if isinstance(event, SafetyChecked):
        return "safety", {"safety": [safety_document(each) for each in event.findings]}
    if isinstance(event, EvidenceFound):
        return "evidence", {"sources": [source_document(source) for source in event.sources]}
    if isinstance(event, ClaimChecked):
        return "claim", claim_document(event.claim)
    if isinstance(event, Finished):
        return "answer", answer_document(event.answer, event.receipt, question=event.question)
    return "receipt", receipt_document(event.receipt)


def event_stream(
    events: Iterator[AnswerEvent],
    *,
    render: Callable[[AnswerEvent], Rendered] = json_event,
    render_problem: Callable[[dict[str, Any]], Rendered] = lambda document: ("problem", document),
) -> StreamingHttpResponse:
    """Return a response that sends each event as it comes; a failure is sent as a last event `problem`."""
    response = StreamingHttpResponse(_lines(events, render, render_problem), content_type=MEDIA_TYPE)
    # nginx would otherwise hold events back until its buffer is full.
    response["X-Accel-Buffering"] = "no"
    return response


async def _lines(
    events: Iterator[AnswerEvent],
    render: Callable[[AnswerEvent], Rendered],
    render_problem: Callable[[dict[str, Any]], Rendered],
) -> AsyncIterator[bytes]:
    pull = sync_to_async(_next_rendered)
    try:
        while (rendered := await pull(events, render, render_problem)) is not None:
            name, data = rendered
            yield f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
    finally:
        # The reader may have gone: closing cancels the model's work and records how the question ended.
        await sync_to_async(_close)(events)


def _next_rendered(
    events: Iterator[AnswerEvent],
    render: Callable[[AnswerEvent], Rendered],
    render_problem: Callable[[dict[str, Any]], Rendered],
) -> Rendered | None:
    try:
        event = next(events, None)
    except Exception as error:
        if problem_of(error) is None:
            logger.exception("a streamed answer failed")
        return render_problem(problem_document(error))
    return None if event is None else render(event)


def _close(events: Iterator[AnswerEvent]) -> None:
    close = getattr(events, "close", None)
    if close is not None:
        close()
