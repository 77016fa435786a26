"""Where the rules behind the cards are reviewed: their figures, how each stands, and a person's decision."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinical.cds_services import demotion
from clinical.cds_services.demotion import PERIOD, State
from clinical.cds_services.figures import Figures, figures_since
from clinical.cds_services.models import RuleStanding
from clinical.cds_services.questions import questions
from clinical.safety.rules import rules
from compliance.access.domain import Action, Actor
from compliance.access.models import signed_in_actor
from compliance.access.services import authorize_use
from compliance.errors import AccessDenied


class RuleSerializer(serializers.Serializer[Any]):
    """One rule version with its figures of 90 days; the override rate has its 95% interval."""

    rule_id = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in State])
    since = serializers.DateTimeField(allow_null=True)
    reviewed_by = serializers.CharField(allow_blank=True)
    shown = serializers.IntegerField()
    accepted = serializers.IntegerField()
    overridden = serializers.IntegerField()
    ignored = serializers.IntegerField()
    override_rate = serializers.FloatField(allow_null=True)
    override_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    reasons = serializers.DictField(child=serializers.IntegerField())


class RulesView(APIView):
    """The rules behind the cards."""

    @extend_schema(operation_id="cds-rules", responses={200: RuleSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the rules with the figures of their cards."""
        authorize_use(signed_in_actor(request.user), action=Action.REVIEW_RULES)
        return Response(rule_rows())


@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """Show the rules with the figures of their cards."""
    _reviewer(request)
    rows = sorted(
        rule_rows(), key=lambda row: (row["state"] == State.NORMAL, -row["overridden"], -row["shown"])
    )
    return render(request, "cds/rules.html", {"rows": rows, "days": PERIOD.days})


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Take a person's decision about one rule version."""
    actor = _reviewer(request)
    rule_id, version = request.POST.get("rule", ""), request.POST.get("version", "")
    if (rule_id, version) not in _known() or request.POST.get("state") not in list(State):
        raise Http404
    demotion.decide(actor, rule_id=rule_id, version=version, state=State(request.POST["state"]))
    return redirect("cds-rules")


def _reviewer(request: HttpRequest) -> Actor:
    """Return who reviews, once it is recorded that they do. Raises: PermissionDenied."""
    actor = signed_in_actor(request.user)
    try:
        authorize_use(actor, action=Action.REVIEW_RULES)
    except AccessDenied as error:
        raise PermissionDenied from error
    return actor


def rule_rows() -> list[dict[str, Any]]:
    """Return every rule version that is in force, with its figures and how it stands."""
    figures = figures_since(timezone.now() - PERIOD)
    standings = {(each.rule_id, each.rule_version): each for each in RuleStanding.objects.all()}
    return [
        _row(key, title, severity, figures.get(key, Figures()), standings.get(key))
        for key, (title, severity) in _known().items()
    ]


def _known() -> dict[tuple[str, str], tuple[str, str]]:
    safety = {(rule.id, rule.version): (rule.title, rule.severity.value) for rule in rules()}
    raised = {(each.id, each.version): (each.title, "info") for each in questions().values()}
    return safety | raised


def _row(
    key: tuple[str, str], title: str, severity: str, figures: Figures, standing: RuleStanding | None
) -> dict[str, Any]:
    return {
        "rule_id": key[0],
        "version": key[1],
        "title": title,
        "severity": severity,
        "state": standing.state if standing else State.NORMAL.value,
        "since": standing.since if standing else None,
        "reviewed_by": standing.reviewed_by if standing else "",
        "shown": figures.shown,
        "accepted": figures.accepted,
        "overridden": figures.overridden,
        "ignored": figures.ignored,
        "override_rate": figures.override_rate,
        "override_interval": list(figures.override_interval) if figures.override_interval else None,
        "reasons": figures.reasons,
    }
