"""Of many passages a few are picked; what is preferred wins among near equals, and costs nothing that is better."""

from dataclasses import replace

from clinical.evidence.domain import Filters, Passage
from clinical.evidence.relevance.picking import PREFERRED, pick_passages
from clinical.evidence.relevance.ranking import RankedPassage
from tests.clinical.evidence.corpus import make_article


def ranked(name: str, score: float, *, is_preferred: bool = False) -> RankedPassage:
    source = make_article(f"{name} says something of its own.", id=name)
    passage = Passage(source=source, start=0, end=len(source.text), score=score)
    return RankedPassage(passage, frozenset({name, f"{name}-too"}), is_preferred=is_preferred)


def picked(passages: list[RankedPassage], limit: int) -> list[str]:
    return [each.source.id for each in pick_passages(passages, limit)]


def test_of_near_equals_the_preferred_one_is_taken():
    rivals = [ranked("best", 2.0), ranked("other", 1.5), ranked("ours", 1.4, is_preferred=True)]
    assert picked(rivals, 2) == ["best", "ours"]
    assert picked([replace(each, is_preferred=False) for each in rivals], 2) == ["best", "other"]


def test_the_best_passage_is_never_lost_to_preferred_ones():
    ours = [ranked(f"ours{number}", 1.99, is_preferred=True) for number in range(9)]
    assert picked([ranked("best", 2.0), *ours], 1) == ["best"]
    assert picked([ranked("best", 2.0), *ours], 6)[0] == "best"


def test_what_is_much_better_is_taken_before_what_is_preferred():
    better = 1.4 + PREFERRED + 0.05
    rivals = [ranked("best", 2.0), ranked("other", better), ranked("ours", 1.4, is_preferred=True)]
    assert picked(rivals, 2) == ["best", "other"]


def test_what_is_far_from_the_best_is_left_out_though_preferred():
    assert picked([ranked("best", 2.0), ranked("ours", 0.9, is_preferred=True)], 2) == ["best"]


def test_filters_without_a_demand_prefer_everything_and_so_nothing():
    assert Filters().admits(make_article("Any text."))
