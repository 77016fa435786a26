import numpy as np
import pytest

from clinical.evidence.checking.combining import Combination, features

LOGITS = np.array([[2.0, -1.0, 0.0], [0.0, 1.0, 3.0], [-1.0, 0.5, 0.0]], dtype=np.float32)


def test_a_source_comes_to_eight_numbers_whatever_the_order_of_its_sentences():
    row = features(LOGITS, [0.8, 0.2, 0.4])

    assert row.shape == (8,)
    assert features(LOGITS[::-1], [0.4, 0.2, 0.8]) == pytest.approx(row)


def test_the_strongest_and_second_strongest_sentence_count():
    row = features(LOGITS, [0.8, 0.2, 0.4])

    assert row[:4] == pytest.approx([2.0, -1.0, 0.5, -1.0])


def test_one_sentence_is_its_own_second():
    row = features(LOGITS[:1], [0.8])

    assert row[0] == row[1]


def test_probabilities_sum_to_one_and_follow_the_weights():
    weights = np.zeros((3, 8))
    weights[0, 0] = 1.0

    found = Combination(weights, np.zeros(3)).probabilities(features(LOGITS, [0.8, 0.2, 0.4]))

    assert found.sum() == pytest.approx(1.0)
    assert found.argmax() == 0
