"""Drafts are stopped at the first word that the passage does not say."""

from collections.abc import Generator

import pytest

from clinical.answers.domain import DraftedBy
from clinical.answers.statements.checking import checked_claim
from clinical.answers.statements.drafting import Drafted, draft_statement
from clinical.errors import EngineBusy, EngineRefused, EngineTimeout
from clinical.evidence.checking.restatement import may_become_restatement
from clinical.evidence.domain import Grade, Kind, Passage, Source
from clinical.inference.domain import BedsideDraft, Draft, LibraryDraft, PatientText, PublicText, Usage
from tests.clinical.answers.conftest import ScriptedEngine

QUESTION = PatientText("Which?")
TEXT = 'Men: "Warfarin" is recommended only if DOACs are contraindicated (Class I, µ = 5).'
SOURCE = Source(id="doi:1#x", kind=Kind.GUIDELINE, title="", text=TEXT, year=2024, grade=Grade.GUIDELINE)
PASSAGE = Passage(source=SOURCE, start=5, end=len(TEXT), context=("Choice", "Men"))


def draft(engine: ScriptedEngine) -> Drafted | None:
    return draft_statement(engine, question=QUESTION, passage=PASSAGE, number=3, deadline_seconds=5)


def test_a_faithful_statement_is_returned_whole_whatever_its_characters() -> None:
    engine = ScriptedEngine({"Warfarin": PASSAGE.quote})
    assert draft(engine) == Drafted(PASSAGE.quote, is_whole=True)


def test_an_invention_is_stopped_as_it_is_written() -> None:
    invention = "Aspirin is recommended for everybody, " * 30
    engine = ScriptedEngine({"Warfarin": invention})
    written = draft(engine)
    assert written
    assert written.statement
    assert invention.startswith(written.statement)
    assert not written.is_whole
    assert engine.pieces_written < 10


def test_the_passage_is_data_and_stands_in_the_prompt_with_its_number() -> None:
    engine = ScriptedEngine()
    draft(engine)
    [asked] = engine.drafts
    assert PASSAGE.quote in asked.messages[-1].content
    assert asked.schema is not None
    assert asked.schema["properties"]["passage"]["enum"] == [3]


def test_a_question_at_the_bedside_never_enters_the_library() -> None:
    engine = ScriptedEngine()
    draft(engine)
    public = PublicText("Which?")
    draft_statement(engine, question=public, passage=PASSAGE, number=3, deadline_seconds=5)
    assert [type(asked) for asked in engine.drafts] == [BedsideDraft, LibraryDraft]


def test_the_opening_of_a_faithful_statement_always_may_become_one() -> None:
    for statement in (PASSAGE.quote, f"Men: {PASSAGE.quote}"):
        for end in range(len(statement) + 1):
            assert may_become_restatement(statement[:end], PASSAGE)


def test_a_draft_that_was_stopped_is_never_shown_whatever_its_words_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "clinical.answers.statements.checking.check", lambda *_: pytest.fail("a part of a draft was checked")
    )
    engine = ScriptedEngine({"Warfarin": "Warfarin is recommended, and aspirin too."})
    checked = checked_claim(engine, question=QUESTION, passage=PASSAGE, number=1, deadline_seconds=5)
    assert (checked.claim.drafted_by, checked.was_dropped) == (DraftedBy.SOURCE, True)


class Failing(ScriptedEngine):
    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self.error = error

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        yield '{"passage"'
        raise self.error("scripted")


@pytest.mark.parametrize("error", [EngineTimeout, EngineRefused])
def test_a_model_that_is_too_slow_leaves_the_word_to_the_source(error: type[Exception]) -> None:
    checked = checked_claim(Failing(error), question=QUESTION, passage=PASSAGE, number=1, deadline_seconds=5)
    assert (checked.claim.drafted_by, checked.was_dropped) == (DraftedBy.SOURCE, False)


def test_without_time_left_nothing_is_drafted() -> None:
    engine = ScriptedEngine()
    checked = checked_claim(engine, question=QUESTION, passage=PASSAGE, number=1, deadline_seconds=0)
    assert (checked.claim.drafted_by, engine.drafts) == (DraftedBy.SOURCE, [])


def test_a_busy_engine_is_told() -> None:
    with pytest.raises(EngineBusy):
        draft(Failing(EngineBusy))


def test_a_claim_never_loses_the_heading_it_stood_under() -> None:
    checked = checked_claim(
        ScriptedEngine(), question=QUESTION, passage=PASSAGE, number=1, deadline_seconds=5
    )
    assert checked.claim.text.startswith("Men: ")
