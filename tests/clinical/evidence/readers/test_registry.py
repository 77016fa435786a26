"""Guideline sections keep their Markdown byte for byte and are named after guideline and section."""

import shutil
from pathlib import Path

import pytest

from clinical.evidence.domain import Grade, Kind, Source
from clinical.evidence.errors import CorpusUnreadable
from clinical.evidence.readers import read
from tests.clinical.evidence.corpus import GUIDELINES


def read_guidelines(folder: Path) -> list[Source]:
    records = list(read(folder / "registry.json", corpus="guidelines"))
    return [record for record in records if isinstance(record, Source)]


SECTIONS = read_guidelines(GUIDELINES)


def test_every_section_of_the_registry_is_a_source():
    assert [section.id for section in SECTIONS] == [
        "doi:10.1000/af.2023#anticoagulation",
        "doi:10.1000/af.2023#rate_control",
    ]
    assert {(section.kind, section.grade, section.year) for section in SECTIONS} == {
        (Kind.GUIDELINE, Grade.GUIDELINE, 2023)
    }


def test_the_title_joins_guideline_and_section_without_the_organisation():
    assert SECTIONS[0].title == (
        "2023 Invented Guideline for Atrial Fibrillation — Anticoagulation in Atrial Fibrillation"
    )


def test_a_section_without_a_heading_is_named_after_its_file():
    assert SECTIONS[1].title == "2023 Invented Guideline for Atrial Fibrillation — Rate control"


def test_the_text_is_the_file_unchanged_even_its_line_ends(tmp_path):
    shutil.copytree(GUIDELINES, tmp_path / "g")
    file = tmp_path / "g" / "content" / "invented_af_2023" / "rate_control.md"
    file.write_bytes("## A\r\n\r\nÜber 110 beats.\r\n".encode())
    assert read_guidelines(tmp_path / "g")[1].text == "## A\r\n\r\nÜber 110 beats.\r\n"


@pytest.mark.parametrize("registry", ["{", '[{"id": "x"}]', '{"id": 1}', "[1]"])
def test_a_registry_of_another_shape_is_a_typed_error(tmp_path, registry):
    (tmp_path / "registry.json").write_text(registry)
    with pytest.raises(CorpusUnreadable, match=r"registry\.json"):
        read_guidelines(tmp_path)


def test_a_section_whose_file_is_missing_is_named(tmp_path):
    shutil.copytree(GUIDELINES, tmp_path / "g")
    (tmp_path / "g" / "content" / "invented_af_2023" / "rate_control.md").unlink()
    with pytest.raises(CorpusUnreadable, match=r"rate_control\.md"):
        read_guidelines(tmp_path / "g")
