import numpy as np
import pytest

from clinical.evidence.relevance.words import stem_line
from clinical.evidence.vectors.static import (
    CODE,
    MODEL,
    WIDTH,
    codes,
    embed,
    quantise,
    sign_bits,
    similarities,
)

INFARCTION = "Aspirin reduces mortality after myocardial infarction."
HEART = "Antiplatelet drugs prevent death in patients with heart attacks."
MALARIA = "Bed nets protect children from malaria in rural Kenya."


def vectors_of(*texts):
    return embed([stem_line(text) for text in texts])


def similarity(first, second):
    return float(similarities(codes(stem_line(first)), codes(stem_line(second)))[0, 0])


def test_a_text_has_a_unit_vector():
    vectors = vectors_of(INFARCTION, MALARIA)
    assert vectors.shape == (2, WIDTH)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_texts_on_one_thing_in_other_words_are_nearer_than_texts_on_two_things():
    infarction, heart, malaria = vectors_of(INFARCTION, HEART, MALARIA)
    assert infarction @ heart > infarction @ malaria + 0.1


def test_a_text_of_unknown_words_has_no_direction():
    assert not vectors_of("qqzzx zzqqy", "").any()


def test_no_texts_have_no_vectors():
    assert embed([]).shape == (0, WIDTH)


def test_the_order_of_words_and_the_other_texts_change_nothing():
    alone = vectors_of("malaria nets children")
    among = vectors_of(INFARCTION, "children malaria nets", HEART)
    assert alone[0] == pytest.approx(among[1], abs=1e-6)


def test_int8_vectors_keep_the_order_of_what_is_near():
    infarction, heart, malaria = vectors_of(INFARCTION, HEART, MALARIA)
    rows = quantise(np.stack([heart, malaria]))
    assert rows.dtype == np.int8
    exact = np.stack([heart, malaria]) @ infarction
    assert rows.astype(np.float32) @ infarction / 508 == pytest.approx(exact, abs=0.02)


def test_what_no_int8_holds_is_cut_off_at_its_ends():
    assert quantise(np.array([[1.0, -1.0, 0.0]], np.float32)).tolist() == [[127, -127, 0]]


def test_signs_differ_least_where_texts_are_near():
    bits = sign_bits(vectors_of(INFARCTION, HEART, MALARIA))
    assert bits.shape == (3, WIDTH // 8)
    near, far = (int(np.bitwise_count(bits[0] ^ bits[other]).sum()) for other in (1, 2))
    assert near < far


def test_a_stem_has_the_same_code_in_every_text_known_or_not():
    first, second = codes(" aspirin zorblaxumab dose "), codes(" zorblaxumab aspirin ")
    assert first.dtype == CODE
    assert first[:2].tolist() == second[::-1].tolist()
    assert len(set(first.tolist())) == 3
    assert len(codes(" ")) == 0


def test_a_stem_is_wholly_like_itself_and_partly_like_one_of_like_meaning():
    assert similarity("aspirin", "aspirin") == 1
    assert similarity("zorblaxumab", "zorblaxumab") == 1
    assert similarity("zorblaxumab", "aspirin") == 0
    assert similarity("myocardial", "malaria") < similarity("myocardial", "cardiac") < 1


def test_the_name_of_the_model_is_one_line():
    assert MODEL
    assert "\n" not in MODEL
