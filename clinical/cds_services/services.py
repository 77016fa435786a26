"""The way of a hook: grant, chart, rules and scores and evidence, cards, record. No model."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from audit.domain import Event, Outcome
from audit.services import append
from clinical.calculators.charts.autofill import computed
from clinical.cds_services.demotion import indicator_of, judge
from clinical.cds_services.making import (
    RuledCard,
    chosen,
    missing_card,
    question_card,
    safety_card,
)
from clinical.cds_services.models import CardFeedback as StoredFeedback
from clinical.cds_services.models import ShownCard
from clinical.cds_services.questions import Question, raised
from clinical.evidence.domain import Passage
from clinical.evidence.errors import EvidenceError
from clinical.evidence.services import search_evidence
from clinical.safety.checking import findings
from clinical.safety.domain import ProposedOrder
from clinical.safety.medicines import proposed_order
from compliance.access.domain import AccessGrant, Action, Purpose
from compliance.access.ehr_users import account_of_ehr_user
from compliance.access.services import authorize_for_ehr
from ehr_integration.cds_hooks.cards import Card, Indicator, Service
from ehr_integration.cds_hooks.errors import RequestInvalid
from ehr_integration.cds_hooks.feedback import CardFeedback
from ehr_integration.cds_hooks.prefetch import chart_of, templates
from ehr_integration.cds_hooks.request import CdsRequest
from ehr_integration.chart.domain import Category, Chart, FindingCode, Need
from ehr_integration.connections.domain import Connection

logger = logging.getLogger(__name__)

# Minimum necessary: rules read problems, medicines, allergies and pregnancy; scores read results and vital signs.
NEED = Need(
    categories=frozenset(
        {
            Category.CONDITIONS,
            Category.MEDICATIONS,
            Category.ALLERGIES,
            Category.LABORATORY,
            Category.PREGNANCY,
        }
    )
)
SHOWN_CARDS_KEPT = timedelta(days=180)
SECONDS_PASSAGE_KEPT = 600
HOOKS = {
    "patient-view": "When a record is opened: what speaks against the medicines taken, and open questions.",
    "encounter-start": "When an encounter begins: the same, for whoever takes over.",
    "order-select": "While an order is chosen: what speaks against it in this patient.",
    "order-sign": "Before an order is signed: what speaks against it in this patient.",
}
SECONDS_FOR_EVIDENCE = 0.1
_searching = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cds-evidence")
_searches: dict[str, tuple[float, Future[Passage | None]]] = {}


@cache
def services() -> tuple[Service, ...]:
    """Return the services that we offer: one for each hook."""
    return tuple(
        Service(
            id=f"tacit-{hook}",
            hook=hook,
            title=f"Tacit: {hook.replace('-', ' ')}",
            description=description,
            prefetch=templates(NEED),
            usage_requirements="The EHR is registered with Tacit, and signs each call (docs/cds-hooks.md).",
        )
        for hook, description in HOOKS.items()
    )


def serve_hook(connection: Connection, request: CdsRequest, *, service_id: str) -> list[Card]:
    """Return the cards for a call of a registered EHR, after it was recorded who asked about whom.

    Raises: RequestInvalid, AccessDenied, AuditUnavailable, PrefetchMissing, ChartRefused.
    """
    if service_id != f"tacit-{request.hook}":
        raise RequestInvalid("hook", "is not the one that this service is for")
    account = account_of_ehr_user(connection.name, request.user)
    grant = authorize_for_ehr(
        account.actor,
        patient_id=request.patient_id,
        purpose=Purpose.TREATMENT,
        action=Action.DECISION_SUPPORT,
        ehr=connection.name,
    )
    today = localdate()
    chart = chart_of(request, grant=grant, need=NEED, connection=connection, on=today)
    cards = _cards(chart, request, today)
    _record(grant, connection, request, service_id, cards)
    return [each.card for each in cards]


def _cards(chart: Chart, request: CdsRequest, today: date) -> list[RuledCard]:
    proposed = [order for draft in request.drafts if (order := proposed_order(draft))]
    scores = computed(chart, on=today)
    found: list[RuledCard] = []
    for finding in findings(chart, scores=scores, proposed=proposed, on=today):
        urgency = indicator_of(finding.rule.id, finding.rule.version, Indicator(finding.severity.value))
        if urgency is not None:
            found.append(safety_card(finding, urgency))
    unseen = _unseen(chart, request, proposed)
    if unseen:
        found.append(missing_card(unseen))
    if not request.hook.startswith("order-"):
        found += [
            question_card(question, score, _passage(question))
            for question, score in raised(chart, scores)
            if indicator_of(question.id, question.version, Indicator.INFO) is not None
        ]
    return chosen(found)


def _unseen(chart: Chart, request: CdsRequest, proposed: Sequence[ProposedOrder]) -> list[str]:
    """Return what no rule could look at: parts of the record, and drafts whose medicine nobody names."""
    missing = [each for each in chart.findings if each.code is FindingCode.PREFETCH_MISSING]
    labels = [each.reference.replace("-", " ") for each in missing]
    drafts = [draft for draft in request.drafts if draft.get("resourceType") == "MedicationRequest"]
    if len(proposed) < len(drafts):
        labels.append("a draft order that names no medicine")
    return labels


def _passage(question: Question) -> Passage | None:
    """Return the best passage for a question of ours, if it is there in time.

    It depends on no patient, so it is kept for a while; what comes too late serves the next call.
    """
    found_at, search = _searches.get(question.id, (-SECONDS_PASSAGE_KEPT, None))
    if search is None or time.monotonic() - found_at > SECONDS_PASSAGE_KEPT:
        search = _searching.submit(_best_passage, question.question)
        _searches[question.id] = (time.monotonic(), search)
    try:
        return search.result(timeout=SECONDS_FOR_EVIDENCE)
    except TimeoutError:
        return None


def _best_passage(question: str) -> Passage | None:
    try:
        found = search_evidence(question, limit_sources=3, limit_passages=1)
    except EvidenceError:
        logger.warning("No evidence is loaded: cards come without quotes")
        return None
    return found.passages[0] if found.passages else None


@transaction.atomic
def _record(
    grant: AccessGrant,
    connection: Connection,
    request: CdsRequest,
    service_id: str,
    cards: Sequence[RuledCard],
) -> None:
    now = timezone.now()
    ShownCard.objects.bulk_create(
        ShownCard(
            card=each.card.uuid,
            ehr=connection.name,
            service=service_id,
            rule_id=each.rule_id,
            rule_version=each.rule_version,
            indicator=each.card.indicator.value,
            shown_at=now,
        )
        for each in cards
    )
    append(
        Event(
            action="show-cards",
            outcome=Outcome.SUCCESS,
            actor=grant.actor.username,
            role=grant.actor.role,
            patient_id=grant.patient_id,
            purpose=grant.purpose,
            detail={
                "ehr": connection.name,
                "hook": request.hook,
                "cards": len(cards),
                "rules": [f"{each.rule_id} {each.rule_version}" for each in cards],
            },
        )
    )


def take_feedback(connection: Connection, entries: Sequence[CardFeedback]) -> int:
    """Note what became of cards that this EHR was shown; return how many. Others are left alone, and nobody is told.

    Told twice is told once: the last word counts.
    """
    wanted = {entry.card: entry for entry in entries}
    shown = ShownCard.objects.filter(card__in=wanted, ehr=connection.name)
    now = timezone.now()
    with transaction.atomic():
        for card in shown:
            entry = wanted[card.card]
            StoredFeedback.objects.update_or_create(
                card=card,
                defaults={
                    "outcome": entry.outcome,
                    "reason_system": entry.reason_system,
                    "reason_code": entry.reason_code,
                    "outcome_at": entry.at,
                    "received_at": now,
                },
            )
        ShownCard.objects.filter(shown_at__lt=now - SHOWN_CARDS_KEPT).delete()
    judge((card.rule_id, card.rule_version) for card in shown)
    return len(shown)


def service_url(*parts: str) -> str:
    """Return the address of discovery, of a service or of its feedback, as EHRs call it."""
    return "/".join([f"{settings.TACIT_BASE_URL}/cds-services", *parts])
