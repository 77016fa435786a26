"""A guideline in Markdown: front matter says what it is, headings divide it, and its words stay as they are."""

import pytest

from clinical.evidence.domain import Grade, Kind
from clinical.evidence.passages import split_passages
from tests.clinical.evidence.readers.files import read_all, skipped_of, sources_of, write

FRONT = """---
title: Atrial fibrillation
organisation: Invented Society
year: 2024
doi: https://doi.org/10.1000/AF.1
licence: CC BY
specialties: [Cardiology, primary care, yodelling]
language: en
---
"""
BODY = """Words before any heading stand for themselves.

# Rate control

Beta blockers are recommended when the heart beats above 110 a minute.\r
### Dose
Start low.

## Anticoagulation ##

```
# no heading, but code
```

## Empty

## Anticoagulation
Another section of that name.
"""


def test_every_section_with_words_is_a_source_of_its_own(tmp_path):
    sections = sources_of(read_all(write(tmp_path / "af.md", FRONT + BODY)))
    assert [section.id for section in sections] == [
        "mine/doi:10.1000/AF.1#text",
        "mine/doi:10.1000/AF.1#rate-control",
        "mine/doi:10.1000/AF.1#anticoagulation",
        "mine/doi:10.1000/AF.1#anticoagulation-2",
    ]
    assert [section.title for section in sections][:2] == [
        "Atrial fibrillation",
        "Atrial fibrillation — Rate control",
    ]


def test_sections_tell_what_the_front_matter_says(tmp_path):
    section = sources_of(read_all(write(tmp_path / "af.md", FRONT + BODY)))[1]
    assert (section.kind, section.grade) == (Kind.GUIDELINE, Grade.GUIDELINE)
    assert (section.year, section.journal, section.language) == (2024, "Invented Society", "eng")
    assert section.specialties == ("cardiology", "primary_care")


def test_the_text_of_the_sections_is_the_document_to_the_letter(tmp_path):
    sections = sources_of(read_all(write(tmp_path / "af.md", FRONT + BODY)))
    assert "".join(section.text for section in sections) == BODY.replace("## Empty\n\n", "")
    [passage, *_] = split_passages(sections[1])
    assert passage.quote == "Beta blockers are recommended when the heart beats above 110 a minute."


def test_without_a_doi_the_file_names_the_document(tmp_path):
    text = "---\ntitle: Ward rules\ndate: 2023-05-01\n---\n# Hands\nWash them.\n"
    [section] = sources_of(read_all(write(tmp_path / "ward.md.gz", text)))
    assert (section.id, section.year) == ("mine/ward#hands", 2023)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# A README\n\nWithout front matter.\n", "no-front-matter"),
        (b"---\njust words\n---\n# A\nb\n", "no-front-matter"),
        (b"---\norganisation: X\n---\n# A\nb\n", "missing-title"),
        (b"---\ntitle: [unclosed\n---\n# A\nb\n", "malformed"),
        (b"---\ntitle: A\nyear: soon\n---\n# A\nb\n", "bad-year"),
        (b"---\ntitle: A\nx: " + b"y" * 70_000 + b"\n---\n# A\nb\n", "too-large"),
        (b"---\ntitle: caf\xe9\n---\n# A\nb\n", "not-utf8"),
    ],
)
def test_a_document_that_cannot_be_used_is_skipped_whole(tmp_path, content, reason):
    assert skipped_of(read_all(write(tmp_path / "x.md", content))) == [("document", reason)]


def test_aliases_in_the_front_matter_expand_to_nothing(tmp_path):
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    [section] = sources_of(read_all(write(tmp_path / "x.md", f"---\ntitle: A\n{bomb}---\n# B\nWords.\n")))
    assert section.title == "A — B"


def test_a_withdrawn_protocol_is_retracted(tmp_path):
    text = "---\ntitle: Old rules\nretracted: true\n---\n# Hands\nNever wash them.\n"
    [section] = sources_of(read_all(write(tmp_path / "x.md", text)))
    assert section.retracted
