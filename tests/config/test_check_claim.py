"""`manage.py check_claim`."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clinical.evidence.domain import Retraction
from clinical.evidence.index import EvidenceWriter
from tests.clinical.evidence.corpus import make_article

ABSTRACT = "BACKGROUND: We studied bexapril.\nRESULTS: Bexapril lowered the rate of stroke by 25% in adults with gout."
CLAIM = "Bexapril lowered the rate of stroke by 25% in adults with gout."


@pytest.fixture
def two_sources(tmp_path: Path) -> Iterator[None]:
    previous = settings.TACIT_EVIDENCE_FOLDER
    settings.TACIT_EVIDENCE_FOLDER = tmp_path / "evidence"
    with EvidenceWriter(settings.TACIT_EVIDENCE_FOLDER) as writer:
        writer.add(make_article(ABSTRACT, id="pmid:1"))
        writer.add(make_article(ABSTRACT, id="pmid:2", retraction=Retraction.RETRACTED))
        writer.commit()
    yield
    settings.TACIT_EVIDENCE_FOLDER = previous


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("check_claim", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("two_sources")
def test_a_claim_in_the_sources_words_is_supported_with_its_quote() -> None:
    found = json.loads(run(CLAIM, "--source", "pmid:1", "--json"))
    assert (found["verdict"], found["reason"], found["source"]) == ("supported", "restated", "pmid:1")
    assert ABSTRACT[found["start"] : found["end"]] == found["quote"] == CLAIM


@pytest.mark.usefixtures("two_sources")
def test_the_opposite_is_contradicted_and_said_in_words() -> None:
    shown = run(CLAIM.replace("lowered", "raised"), "--source", "pmid:1")
    assert shown.startswith("Contradicted")
    assert CLAIM in shown


@pytest.mark.usefixtures("two_sources")
def test_a_retracted_source_supports_nothing_and_is_shown_as_retracted() -> None:
    found = json.loads(run(CLAIM, "--source", "pmid:2", "--json"))
    assert (found["verdict"], found["quote"], found["retraction"]) == ("not_enough", "", "retracted")
    assert "retracted" in run(CLAIM, "--source", "pmid:2")


def test_a_text_on_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(ABSTRACT))
    assert json.loads(run(CLAIM, "--json"))["verdict"] == "supported"


def test_without_source_and_text_the_fix_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" "))
    with pytest.raises(CommandError, match="--source"):
        run(CLAIM)


@pytest.mark.parametrize("claim", ["  ", "long " * 300])
def test_an_empty_or_endless_claim_is_refused(claim: str) -> None:
    with pytest.raises(CommandError, match="The claim"):
        run(claim, "--source", "pmid:1")


@pytest.mark.usefixtures("two_sources")
def test_an_unknown_source_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="source"):
        run(CLAIM, "--source", "pmid:404")
    out = io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("check_claim", CLAIM, "--source", "pmid:404", "--json", stdout=out)
    assert exit_.value.code == 1
    assert json.loads(out.getvalue())["status"] == 404


@pytest.mark.usefixtures("two_sources")
def test_the_claim_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        run("Zanubexine cures gout in canaries.", "--source", "pmid:1")
    assert "Zanubexine" not in caplog.text
