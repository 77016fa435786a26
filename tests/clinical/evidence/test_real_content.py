"""The real starter content, where it is installed."""

from pathlib import Path

import pytest
from django.conf import settings as installed

from clinical.evidence import services

AF_PATIENT = ("Permanent atrial fibrillation", "Chronic kidney disease stage 3b", "warfarin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not (Path(installed.TACIT_CONTENT_FOLDER) / "data").is_dir():
        pytest.skip("the starter content is not installed: `make content`")
    return tmp_path_factory.mktemp("evidence")


@pytest.mark.slow
def test_the_starter_content_loads_and_answers(folder, settings):
    settings.TACIT_EVIDENCE_FOLDER = folder
    report = services.load_evidence()
    assert report.guidelines == 145
    assert 50_700 < report.articles <= 50_788
    assert (report.deleted, services.is_evidence_loaded()) == (20, True)

    question = "Should this patient be anticoagulated, and with what?"
    findings = services.search_evidence(question, context_terms=AF_PATIENT)
    assert findings.sources[0].id == "doi:10.1161/CIR.0000000000001193#anticoagulation"
    said = " ".join(passage.quote for passage in findings.passages)
    for words in ("recommended over warfarin", "CHA2DS2-VASc ≥ 2: OAC is recommended", "**CKD (CrCl"):
        assert words in said

    for absent in ("Should this patient receive zorblaxumab?", "quantum dental yodelling in pregnancy"):
        assert not services.search_evidence(absent, context_terms=AF_PATIENT).is_enough
    assert len(services.best_sources("COVID-19 vaccination", limit=30)) == 30
