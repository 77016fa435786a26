"""Notes as they may be shown: words that are addressed to a machine are left out, and that is said."""

import re
from dataclasses import replace

from clinical.evidence.quoting.addressed import is_addressed
from clinical.evidence.quoting.sentences import sentence_spans
from ehr_integration.chart.domain import Category, Chart, Fact

CODE = re.compile(r"```.*?(?:```|$)", re.S)
LEFT_OUT = "[left out: words addressed to a machine, see the EHR]"


def without_orders(chart: Chart) -> Chart:
    """Return the chart, its notes without sentences that speak to whoever answers instead of telling of the patient."""
    facts = tuple(_cleared(fact) if fact.category is Category.NOTES else fact for fact in chart.facts)
    return replace(chart, facts=facts)


def _cleared(fact: Fact) -> Fact:
    text = CODE.sub(LEFT_OUT, fact.text)
    kept: list[str] = []
    for start, end in sentence_spans(text, 0, len(text)):
        sentence = text[start:end]
        is_order = LEFT_OUT in sentence or is_addressed(sentence, is_literature=True)
        kept.append(LEFT_OUT if is_order else sentence)
    if LEFT_OUT not in kept:
        return fact
    once = [each for place, each in enumerate(kept) if each != LEFT_OUT or LEFT_OUT not in kept[:place]]
    return replace(fact, text=" ".join(once))
