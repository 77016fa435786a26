"""Templates as data: those that come with the product, and a file of a hospital's own."""

import hashlib
from pathlib import Path

import pytest

from clinical.evaluation.errors import DataUnreadable, TemplateUnknown
from clinical.evaluation.suites.multiple_choice.templates import find_template, templates

# Version and words of each template, as they were measured.
PINNED = {
    "plain": ("1", "6c926221181a23d3"),
    "clinical": ("1", "0622f29657cbdf0e"),
}


def test_a_template_whose_words_change_has_another_version() -> None:
    found = {
        name: (each.version, hashlib.sha256(f"{each.system}\n{each.question}".encode()).hexdigest()[:16])
        for name, each in templates().items()
    }
    assert found == PINNED, "raise the version of what changed, and pin it here"


def test_every_template_has_a_version_and_a_place_for_question_and_options() -> None:
    assert {"plain", "clinical"} <= set(templates())
    for name, template in templates().items():
        assert template.name == name
        assert template.version
        assert template.about
        assert template.system
        for place in ("{context}", "{question}", "{options}"):
            assert template.question.count(place) == 1


def test_a_markdown_file_goes_before_the_plain_question_and_its_hash_is_the_version(tmp_path: Path) -> None:
    file = tmp_path / "prompt.md"
    file.write_text("You are a cardiologist.\n")
    template = find_template(str(file))
    assert template.system == "You are a cardiologist."
    assert template.question == templates()["plain"].question
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(template.version)


def test_an_unknown_name_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    for name in ("cardiology", str(tmp_path / "none.md"), __file__):
        with pytest.raises(TemplateUnknown, match="clinical, plain"):
            find_template(name)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 70_000])
def test_a_file_that_is_no_prompt_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "prompt.md"
    file.write_bytes(content)
    with pytest.raises(DataUnreadable, match=r"prompt\.md"):
        find_template(str(file))
