"""Cards that are overridden too often lose urgency by themselves, and a person reviews it.

A rule version is demoted where at least 30 outcomes of 90 days were told and the lower end of the override rate's 95%
interval is above 0.80: our choice, since published override rates of useless alerts are 0.90 and more (Phansalkar et
al., JAMIA 2013; 20: 489-493, doi:10.1136/amiajnl-2012-001089). A critical rule is flagged for review and stays as it
is: what can kill is not silenced by a count.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from clinical.cds_services.figures import Figures, figures_since
from clinical.cds_services.models import RuleStanding
from clinical.safety.domain import Severity
from clinical.safety.rules import rules
from compliance.access.domain import Action, Actor
from compliance.access.services import recorded_use
from ehr_integration.cds_hooks.cards import Indicator

PERIOD = timedelta(days=90)
FEWEST_OUTCOMES, HIGHEST_RATE = 30, 0.80
SECONDS_KEPT = 30


class State(StrEnum):
    """How a rule version stands."""

    NORMAL = "normal"
    DEMOTED = "demoted"
    FLAGGED = "flagged"


LOWER = {Indicator.CRITICAL: Indicator.WARNING, Indicator.WARNING: Indicator.INFO}
_kept: tuple[float, dict[tuple[str, str], str]] = (-SECONDS_KEPT, {})


def indicator_of(rule_id: str, version: str, indicator: Indicator) -> Indicator | None:
    """Return how urgent a card may be, None where it is not shown any more."""
    if _standings().get((rule_id, version)) != State.DEMOTED:
        return indicator
    return LOWER.get(indicator)


def _standings() -> dict[tuple[str, str], str]:
    global _kept
    read_at, found = _kept
    if time.monotonic() - read_at > SECONDS_KEPT:
        rows = RuleStanding.objects.values_list("rule_id", "rule_version", "state")
        found = {(rule_id, version): state for rule_id, version, state in rows}
        _kept = (time.monotonic(), found)
    return found


def forget_standings() -> None:
    """Read the standings anew from now on."""
    global _kept
    _kept = (-SECONDS_KEPT, {})


def judge(told: Iterable[tuple[str, str]]) -> None:
    """Demote or flag, of the rule versions whose outcomes were just told, those that are overridden too often."""
    pairs = set(told)
    if not pairs:
        return
    figures = figures_since(timezone.now() - PERIOD)
    for rule_id, version in pairs:
        if _is_overridden_too_often(figures[rule_id, version]):
            _set_by_figures(rule_id, version)


def _is_overridden_too_often(figures: Figures) -> bool:
    interval = figures.override_interval
    return figures.told >= FEWEST_OUTCOMES and interval is not None and interval[0] > HIGHEST_RATE


@transaction.atomic
def _set_by_figures(rule_id: str, version: str) -> None:
    critical = {rule.id for rule in rules() if rule.severity is Severity.CRITICAL}
    state = State.FLAGGED if rule_id in critical else State.DEMOTED
    standing = RuleStanding.objects.select_for_update().filter(rule_id=rule_id, rule_version=version).first()
    now = timezone.now()
    if standing is None:
        RuleStanding.objects.create(rule_id=rule_id, rule_version=version, state=state, since=now)
    elif standing.state != state and _may_change(standing, now):
        RuleStanding.objects.filter(pk=standing.pk).update(
            state=state, since=now, reviewed_by="", reviewed_at=None
        )
    forget_standings()


def _may_change(standing: RuleStanding, now: datetime) -> bool:
    """Whether the figures may change it: a person's decision holds for a period."""
    return standing.reviewed_at is None or standing.reviewed_at < now - PERIOD


def decide(actor: Actor, *, rule_id: str, version: str, state: State) -> None:
    """Set how a rule version stands, as a person decided; the figures do not change it for 90 days.

    Raises: AccessDenied, AuditUnavailable.
    """
    detail = {"rules": [f"{rule_id} {version}"], "filters": [state.value]}
    with recorded_use(actor, action=Action.CHANGE_RULE, detail=detail), transaction.atomic():
        now = timezone.now()
        RuleStanding.objects.update_or_create(
            rule_id=rule_id,
            rule_version=version,
            defaults={"state": state, "since": now, "reviewed_by": actor.username, "reviewed_at": now},
        )
    forget_standings()
