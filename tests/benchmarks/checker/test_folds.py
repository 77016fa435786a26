import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.checker.folds import gate, grouped_folds

ROWS = st.dictionaries(
    st.integers(0, 60).map(str), st.lists(st.integers(0, 25).map(str), min_size=1, max_size=3), min_size=5
)


@given(rows=ROWS, folds=st.integers(2, 5))
def test_no_document_stands_in_two_folds(rows, folds):
    placed = grouped_folds(rows, folds, seed=1)

    seen: dict[str, int] = {}
    for row, documents in rows.items():
        for document in documents:
            assert seen.setdefault(document, placed[row]) == placed[row]


@given(rows=ROWS)
def test_every_row_has_one_fold_and_the_same_seed_gives_the_same_folds(rows):
    placed = grouped_folds(rows, 3, seed=2)

    assert placed.keys() == rows.keys()
    assert set(placed.values()) <= {0, 1, 2}
    assert placed == grouped_folds(rows, 3, seed=2)


def test_rows_without_shared_documents_spread_evenly():
    placed = grouped_folds({str(i): [f"d{i}"] for i in range(100)}, 5, seed=1)

    assert sorted(list(placed.values()).count(fold) for fold in range(5)) == [20] * 5


def test_claims_that_share_an_abstract_through_a_third_claim_stay_together():
    placed = grouped_folds({"a": ["1"], "b": ["1", "2"], "c": ["2"], "d": ["3"], "e": ["4"]}, 2, seed=1)

    assert placed["a"] == placed["b"] == placed["c"]


def test_the_gate_is_the_lowest_threshold_that_keeps_the_precision():
    scores = [1 - place / 100 for place in range(100)]
    truths = [place < 40 for place in range(100)]

    threshold = gate(scores, truths, precision=0.8)

    accepted = [truth for score, truth in zip(scores, truths, strict=True) if score >= threshold]
    assert len(accepted) == 50
    assert sum(accepted) / len(accepted) == pytest.approx(0.8)


def test_where_no_threshold_keeps_the_precision_the_best_one_is_taken():
    scores = [1 - place / 100 for place in range(60)]
    truths = [place % 2 == 0 for place in range(60)]

    threshold = gate(scores, truths, precision=0.99)

    assert threshold >= 0.8
