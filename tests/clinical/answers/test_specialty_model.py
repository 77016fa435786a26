"""A specialty's own model, run for real: the starter model with an adapter, in an engine of its own."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from clinical.answers.domain import Answer, DraftedBy, Query
from clinical.answers.services import answer_question, last_event
from clinical.inference.services import read_metrics
from clinical.specialties.services import models
from compliance.access.models import Account
from config import processes
from config.models_command.subcommand import load_registry
from tests.clinical.inference.engine.adapters import lora_pair, write_lora
from tests.clinical.specialties.folders import with_model
from tests.product import MODEL_FILE

pytestmark = pytest.mark.usefixtures("engine_process", "demo_ehr", "small_evidence")

USUAL, OWN = "smollm2-135m-instruct", "cardio-style"
WIDTH = 576  # of the starter model, in the developer's config.json
Cast = dict[str, Account]


@pytest.fixture
def cardiology(settings: Any, tmp_path: Path) -> None:
    """Cardiology asks for the starter model with a faint adapter, which is registered."""
    settings.TACIT_SPECIALTIES_FOLDER = with_model("cardiology", OWN, tmp_path / "specialties")
    settings.TACIT_MODELS_FOLDER = tmp_path / "models"
    settings.TACIT_MODELS_FOLDER.mkdir()
    pair = lora_pair("blk.0.attn_q.weight", rows=WIDTH, columns=WIDTH)
    adapter = write_lora(settings.TACIT_MODELS_FOLDER / "style.gguf", pair, architecture="llama")
    call_command(
        *("models", "add", str(MODEL_FILE), "--id", OWN, "--copy", "--template", "chatml"),
        *(
            "--licence",
            "Apache-2.0",
            "--source",
            "this test",
            "--intended-use",
            "tests",
            "--adapter",
            f"style={adapter}@0.0001",
        ),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )


def ask(cast: Cast) -> Answer:
    question = "Should this patient be anticoagulated, and with what?"
    query = Query(patient_id="af-ckd", question=question)
    return last_event(answer_question(cast["alma"].actor, query)).answer


@pytest.mark.usefixtures("cardiology")
def test_its_engine_words_the_answers_of_the_specialty(cast: Cast) -> None:
    own = load_registry().find(OWN)
    usual = load_registry().find(USUAL)
    assert own.fingerprint != own.sha256 == usual.sha256 == usual.fingerprint
    with processes.running(*processes.specialty_engines()) as children:
        assert [str(child) for child in children] == [f"engine-{OWN}"]
        answer = ask(cast)
        metrics = read_metrics(models())
    assert answer.model == own.fingerprint
    assert "asks for the model" not in answer.message
    assert DraftedBy.MODEL in {claim.drafted_by for claim in answer.claims} or answer.dropped_claims
    assert f'model="{OWN}"' in metrics
    assert f'model="{USUAL}"' in metrics


@pytest.mark.usefixtures("cardiology")
def test_where_it_does_not_run_the_usual_one_stands_in_and_the_answer_says_so(cast: Cast) -> None:
    answer = ask(cast)
    assert answer.model == load_registry().find(USUAL).sha256
    assert f"asks for the model {OWN}; the statements were worded by {USUAL}" in answer.message
    assert f'model="{OWN}"' not in read_metrics(models())
