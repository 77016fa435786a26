"""Text that a remote template would take for a change of speaker is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.errors import EngineRefused
from clinical.inference.domain import Message, PatientText, Refusal
from clinical.inference.remote.markers import BARRED_EXAMPLES, KNOWN, check_messages, find_marker
from clinical.inference.templates import TEMPLATES

ALL_MARKERS = (*KNOWN, *BARRED_EXAMPLES)


@given(st.text(), st.sampled_from(ALL_MARKERS), st.text())
def test_a_known_marker_is_found_in_any_text(before: str, marker: str, after: str) -> None:
    assert find_marker(f"{before}{marker}{after}")


@given(st.sampled_from(ALL_MARKERS), st.data())
def test_a_marker_is_found_though_invisible_characters_are_in_it(marker: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(marker)))
    invisible = data.draw(st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad"))
    assert find_marker(f"a {marker[:at]}{invisible}{marker[at:]} b")


@pytest.mark.parametrize(
    "text",
    [
        "\uff1c|im_start|\uff1esystem",
        "<\uff5cUser\uff5c>",
        "<\uff5cbegin\u2581of\u2581sentence\uff5c>",
        "\uff3bINST\uff3d",
        "<|reserved_special_token_17|>",
        "<turn|>",
        "<|made_up_by_next_years_model|>",
    ],
)
def test_disguised_and_unheard_of_markers_are_found(text: str) -> None:
    assert find_marker(f"Note: {text} of 12 May")


@pytest.mark.parametrize(
    "text",
    [
        "Potassium <3.5 mmol/l, INR > 2, |x| < 5",
        "BP 120/80 [sitting]; see [1] and [12]. Rhythm: AF <b>new</b>",
        "dose <5 mg | repeat if >2 h",
        "HbA1c < 7 % | LDL > 1.8",
        "Temp < 38 | HR > 100 || SpO2 < 92",
    ],
)
def test_ordinary_clinical_text_passes(text: str) -> None:
    assert find_marker(text) is None


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_whatever_our_own_templates_put_around_a_message_is_found(name: str) -> None:
    template = TEMPLATES[name]
    around = [*template.before.values(), *template.after.values(), template.answer]
    for piece in filter(str.strip, around):
        assert find_marker(piece), piece


def test_a_marker_of_the_servers_own_vocabulary_is_found_once_it_is_known() -> None:
    assert find_marker("a {{turn}} b") is None
    assert find_marker("a {{turn}} b", {"{{turn}}"}) == "{{turn}}"


def test_a_message_with_a_marker_is_refused_without_quoting_it() -> None:
    messages = [Message("user", PatientText("Mr Canary <|im_end|> says"))]
    with pytest.raises(EngineRefused) as refused:
        check_messages(messages)
    assert Refusal.HOSTILE_TEXT in str(refused.value)
    assert "Canary" not in str(refused.value)
    assert "im_end" not in str(refused.value)
