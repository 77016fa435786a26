"""A chart from the real demo EHR, a small real index, and an engine that follows a script."""

import json
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from clinical.errors import EngineUnavailable
from clinical.evidence.domain import Grade, Kind, Source
from clinical.evidence.index import EvidenceWriter
from clinical.inference.domain import Draft, EngineInfo, Usage

GUIDELINE = """# Anticoagulation in Atrial Fibrillation

### Choice of Anticoagulant

- Direct oral anticoagulants (DOACs) are recommended over warfarin in DOAC-eligible patients with AF (Class I).
- When warfarin is used, target INR is 2.0–3.0 with time in therapeutic range (TTR) ≥ 70%.
"""
ABSTRACT = (
    "CONCLUSIONS: Anticoagulation with apixaban was associated with fewer strokes in atrial fibrillation."
)


class ScriptedEngine:
    """Writes what its script says for the passage it is given; the contract is tested on the real one."""

    def __init__(
        self, say: dict[str, str] | None = None, *, is_down: bool = False, model_id: str = "scripted"
    ) -> None:
        self.say = say or {}
        self.model_id = model_id
        self.is_down = is_down
        self.drafts: list[Draft] = []
        self.pieces_written = 0
        self.fails_after: int | None = None

    def info(self) -> EngineInfo:
        if self.is_down:
            raise EngineUnavailable("scripted")
        return EngineInfo(model_id=self.model_id, file="scripted", sha256="0" * 64)

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        if self.fails_after is not None and len(self.drafts) >= self.fails_after:
            raise EngineUnavailable("scripted")
        self.drafts.append(draft)
        passage = draft.messages[-1].content
        assert draft.schema is not None
        number = draft.schema["properties"]["passage"]["enum"][0]
        statement = next((said for words, said in self.say.items() if words in passage), "The sky is green.")
        text = json.dumps({"passage": number, "statement": statement})
        for start in range(0, len(text), 7):
            self.pieces_written += 1
            yield text[start : start + 7]
        return Usage()


@pytest.fixture
def small_evidence(tmp_path: Path) -> Iterator[None]:
    """One guideline section and one article about anticoagulation."""
    previous = settings.TACIT_EVIDENCE_FOLDER
    settings.TACIT_EVIDENCE_FOLDER = tmp_path / "evidence"
    with EvidenceWriter(settings.TACIT_EVIDENCE_FOLDER) as writer:
        writer.add(
            Source(
                id="doi:10.1000/af#anticoagulation",
                kind=Kind.GUIDELINE,
                title="AF guideline — Anticoagulation",
                text=GUIDELINE,
                year=2023,
                grade=Grade.GUIDELINE,
                doi="10.1000/af",
            )
        )
        writer.add(
            Source(
                id="pmid:1",
                kind=Kind.ARTICLE,
                title="Apixaban anticoagulation in atrial fibrillation: a cohort",
                text=ABSTRACT,
                year=2021,
                grade=Grade.OBSERVATIONAL,
                pmid="1",
            )
        )
        writer.commit()
    yield
    settings.TACIT_EVIDENCE_FOLDER = previous


@pytest.fixture
def engine() -> ScriptedEngine:
    """Restates one passage faithfully and invents about the others."""
    return ScriptedEngine(
        {
            "recommended over warfarin": "Direct oral anticoagulants (DOACs) are recommended over warfarin in "
            "DOAC-eligible patients with AF (Class I)."
        }
    )
