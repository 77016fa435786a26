"""Cards from what was found: one function a kind. At most five, gravest first: more are not read.

A summary names medicines and scores, never the patient; the detail says what in the chart the card rests on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from clinical.calculators.charts.autofill import Computed
from clinical.cds_services.questions import Question, app_context
from clinical.evidence.domain import Passage
from clinical.safety.domain import SafetyFinding
from ehr_integration.cds_hooks.cards import Card, Coding, Indicator, Link, Suggestion
from ehr_integration.cds_hooks.invariants.forms import LONGEST_SUMMARY

MOST_CARDS = 5
LONGEST_QUOTE = 400
TOPICS = "urn:tacit:cds-topic"
ADHERENCE = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
OURS = "urn:tacit:override-reason"
# Source: CDS Hooks 3.0 ballot, non-adherence-reason-codes; the last two are ours.
OVERRIDE_REASONS = (
    Coding(
        system=ADHERENCE,
        code="patient-contraindication",
        display="Something speaks against it in this patient",
    ),
    Coding(
        system=ADHERENCE,
        code="does-not-align-latest-evidence",
        display="It is not what the latest evidence says",
    ),
    Coding(system=ADHERENCE, code="recipient-does-not-trust", display="I do not trust this advice"),
    Coding(system=OURS, code="known-and-monitored", display="Known, weighed, and monitored"),
    Coding(system=OURS, code="chart-is-wrong", display="The record is wrong or out of date"),
)


@dataclass(frozen=True, kw_only=True)
class RuledCard:
    """A card with the rule that it comes from, and the rule's version."""

    card: Card
    rule_id: str
    rule_version: str


def safety_card(finding: SafetyFinding, indicator: Indicator) -> RuledCard:
    """Return the card of a safety finding, as urgent as the rule's standing lets it be."""
    rule = finding.rule
    because = [*(f"{fact.text} ({fact.reference})" for fact in finding.facts), *finding.because]
    detail = "\n\n".join(
        [rule.detail, _list("In the record", because), _list("Options, not orders", rule.options)]
    )
    card = Card(
        summary=finding.summary,
        detail=detail,
        indicator=indicator,
        source_label=rule.source,
        source_url=rule.url,
        topic=Coding(system=TOPICS, code=rule.kind.value, display=rule.kind.value.capitalize()),
        suggestions=_removal(finding),
        override_reasons=OVERRIDE_REASONS,
        links=(_ask(rule.id),),
    )
    return RuledCard(card=card, rule_id=rule.id, rule_version=rule.version)


def question_card(question: Question, score: Computed, passage: Passage | None) -> RuledCard:
    """Return the card of a question that a score raises, with the best passage that answers it, word for word."""
    evidence = [f"> {_quote(passage)}", f"**{passage.source.title}**"] if passage else []
    detail = "\n\n".join([_list(f"{score.title} from", score.facts), *evidence])
    card = Card(
        summary=f"{question.title}: {score.text}"[:LONGEST_SUMMARY],
        detail=detail,
        indicator=Indicator.INFO,
        source_label=_label(passage) if passage else score.title,
        source_url=_address(passage) if passage else score.source,
        topic=Coding(system=TOPICS, code="score", display="Score and evidence"),
        override_reasons=OVERRIDE_REASONS,
        links=(_ask(question.id),),
    )
    return RuledCard(card=card, rule_id=question.id, rule_version=question.version)


def missing_card(unseen: Sequence[str]) -> RuledCard:
    """Return the card that says what nobody looked at, so that silence is not taken for safety."""
    labels = ", ".join(sorted(set(unseen)))
    card = Card(
        summary="Tacit could not see all of the record: no card does not mean no problem",
        detail=f"Not seen: {labels}. The checks that need them were not made.",
        indicator=Indicator.WARNING,
        source_label="Tacit",
        source_url=settings.TACIT_BASE_URL,
        topic=Coding(system=TOPICS, code="incomplete", display="Incomplete record"),
    )
    return RuledCard(card=card, rule_id="record-incomplete", rule_version="1")


def chosen(cards: Sequence[RuledCard]) -> list[RuledCard]:
    """Return the gravest cards, at most MOST_CARDS, in their order within a gravity."""
    gravity = list(reversed(Indicator))
    return sorted(cards, key=lambda each: gravity.index(each.card.indicator))[:MOST_CARDS]


def _removal(finding: SafetyFinding) -> tuple[Suggestion, ...]:
    """Return the suggestion to drop the draft: safe and mechanical; another medicine is the clinician's to choose."""
    return tuple(
        Suggestion(label=f"Remove the draft order: {order.name}"[:100], removes=(order.reference,))
        for order in finding.proposed
    )


def _ask(question_id: str) -> Link:
    return Link(
        label="Ask Tacit about this",
        url=f"{settings.TACIT_BASE_URL}/smart/launch",
        app_context=app_context(question_id),
    )


def _list(title: str, items: Sequence[str]) -> str:
    return f"**{title}**\n\n" + "\n".join(f"- {item}" for item in items) if items else ""


def _quote(passage: Passage) -> str:
    text = " ".join(passage.quote.split())
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"


def _label(passage: Passage) -> str:
    year = f" ({passage.source.year})" if passage.source.year else ""
    return f"{passage.source.title}{year}"[:200]


def _address(passage: Passage) -> str:
    source = passage.source
    if source.doi:
        return f"https://doi.org/{source.doi}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/" if source.pmid else settings.TACIT_BASE_URL
