"""The 31 source attributes, in the regulation's order, and never an invented one."""

from dataclasses import replace

from clinical.inference.registry.card import CARD_KEYS, SECTIONS, card_of
from clinical.inference.registry.registry import PACKAGED_FILE, Registry


def test_there_are_31_attributes_in_nine_paragraphs_in_order():
    assert [section.number for section in SECTIONS] == list(range(1, 10))
    assert [len(section.attributes) for section in SECTIONS] == [4, 4, 2, 4, 2, 4, 5, 4, 2]
    paragraphs = [each.paragraph for section in SECTIONS for each in section.attributes]
    assert len(set(paragraphs)) == 31
    assert paragraphs[:5] == ["(1)(i)", "(1)(ii)", "(1)(iii)", "(1)(iv)", "(2)(i)"]
    assert paragraphs[-3:] == ["(8)(iv)", "(9)(i)", "(9)(ii)"]


def test_keys_are_short_and_each_is_used_once():
    keys = [each.key for section in SECTIONS for each in section.attributes]
    assert len(set(keys)) == 31
    assert all(key.replace("_", "").isalpha() and len(key) <= 24 for key in keys)
    assert set(keys) - set(CARD_KEYS) == {"intended_use"}


def test_what_is_not_known_names_who_would_have_to_say_it(model):
    lines = card_of(replace(model, card={}))
    assert [line.attribute.key for line in lines if line.is_known] == ["intended_use"]
    assert all(line.value.startswith("Not known: the ") for line in lines if not line.is_known)
    assert {line.value for line in lines if line.section.number == 8} == {
        "Not known: the hospital that runs it would have to say it"
    }


def test_what_the_entry_says_is_shown_as_it_stands(model):
    values = {line.attribute.key: line.value for line in card_of(model)}
    assert values["developer"] == 'Nobody "at all"'
    assert values["intended_use"] == "Tests"


def test_the_packaged_card_leaves_validation_and_fairness_unsaid(tmp_path):
    registry = Registry.load(content_folder=tmp_path, models_folder=tmp_path, packaged=PACKAGED_FILE)
    known = {line.attribute.key for line in card_of(registry.models[0]) if line.is_known}
    assert "developer" in known
    assert not {key for key in known if key.startswith(("fairness", "external", "validity_local", "outcome"))}
