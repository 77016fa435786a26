"""A question brings quotable evidence, or says that there is not enough."""

import pytest

from clinical.evidence import services
from clinical.evidence.domain import Filters, Findings, Grade
from clinical.evidence.errors import IndexMissing, SourceNotFound
from tests.clinical.evidence.corpus import fill, make_article, make_content_folder, make_guideline

AF_PATIENT = (
    "Permanent atrial fibrillation",
    "Chronic kidney disease stage 3b",
    "Warfarin sodium 5 MG Oral Tablet",
)


@pytest.fixture
def folder(settings, tmp_path):
    settings.TACIT_CONTENT_FOLDER = make_content_folder(tmp_path / "content")
    settings.TACIT_EVIDENCE_FOLDER = tmp_path / "index"
    return tmp_path / "index"


@pytest.fixture
def loaded(folder):
    services.load_evidence()
    return folder


def quotes(findings: Findings) -> list[str]:
    return [passage.quote for passage in findings.passages]


def test_the_guideline_on_the_patients_problem_comes_first(loaded):
    findings = services.search_evidence(
        "Should this patient be anticoagulated, and with what?", context_terms=AF_PATIENT
    )
    assert findings.is_enough
    assert findings.sources[0].id == "doi:10.1000/af.2023#anticoagulation"
    assert quotes(findings)[0].startswith("Direct oral anticoagulants are recommended over warfarin")


def test_conclusions_come_before_methods(loaded):
    findings = services.search_evidence("Is tamoridine better than colchicine in acute gout?")
    assert findings.passages[0].context == ("CONCLUSIONS",)
    assert {passage.source.id for passage in findings.passages} == {"pmid:101"}


@pytest.mark.parametrize(
    "question",
    [
        "Should this patient receive zorblaxumab, and with what?",
        "Is tamoridine safe in chickenpox of astronauts?",
        "Which antivenom for a bite of the Bolivian glass spider?",
        "How do I repair a bicycle puncture?",
        "What should I do?",
        "",
        "🙂 ???",
        "zorblaxumab \ud800",
    ],
)
def test_a_topic_that_the_corpus_does_not_hold_is_not_enough(loaded, question):
    findings = services.search_evidence(question, context_terms=AF_PATIENT)
    assert not findings.is_enough
    assert findings.sources == ()


def test_what_was_not_found_is_named_in_the_clinicians_words(loaded):
    assert services.search_evidence("zorblaxumab for gout").unmatched == ("zorblaxumab", "gout")


def test_the_chart_alone_makes_nothing_relevant(loaded):
    assert not services.search_evidence("zorblaxumab?", context_terms=["gout", "tamoridine"]).is_enough


def test_a_retracted_article_and_its_notice_are_never_passages_nor_reviewed(loaded):
    question = "tamoridine for acute gout flares"
    cited = {passage.source.id for passage in services.search_evidence(question).passages}
    reviewed = {source.id for source in services.best_sources(question, limit=10)}
    assert cited == reviewed == {"pmid:101"}


def test_a_retracted_article_can_still_be_read_as_such(loaded):
    assert services.read_source("pmid:102").retracted


def test_reviews_get_articles_only(loaded):
    assert services.best_sources("anticoagulation in atrial fibrillation", limit=5) == ()


def test_an_unknown_id_is_a_typed_error(loaded):
    with pytest.raises(SourceNotFound):
        services.read_source("pmid:0")


def test_without_an_index_every_service_says_how_to_make_one(folder):
    assert not services.is_evidence_loaded()
    with pytest.raises(IndexMissing, match="load_evidence"):
        services.search_evidence("gout")


def test_a_search_sees_what_was_added_since_the_last(loaded):
    assert not services.search_evidence("measles").is_enough
    fill(
        loaded, make_article("Measles is prevented by a vaccine given twice.", id="pmid:8", title="Measles.")
    )
    assert services.search_evidence("measles").is_enough


def test_limits_hold_and_one_source_gives_at_most_three_passages(loaded):
    statements = [f"Measles of kind {number} needs {word} in all children." for number, word in
                  enumerate(("rest", "fluids", "isolation", "vitamins", "paracetamol"))]  # fmt: skip
    fill(
        loaded,
        *(make_article(" ".join(statements), id=f"pmid:{n}", title=f"Measles {n}.") for n in (8, 9, 10)),
    )
    findings = services.search_evidence("measles", limit_sources=2, limit_passages=5)
    assert (len(findings.sources), len(findings.passages)) == (2, 5)
    by_source = [passage.source.id for passage in findings.passages]
    assert max(by_source.count(source_id) for source_id in by_source) <= 3
    assert len(set(quotes(findings))) == 5


def test_of_two_sources_that_say_the_same_the_stronger_is_quoted(loaded):
    text = "Rest and fluids are what cures measles in children."
    fill(
        loaded,
        make_article(text, id="pmid:8", title="Measles."),
        make_article(text, id="pmid:9", title="Measles.", grade=Grade.SYSTEMATIC_REVIEW),
    )
    assert [passage.source.id for passage in services.search_evidence("measles").passages] == ["pmid:9"]


def test_an_abbreviation_counts_only_where_it_is_known_to_mean_the_thing(loaded):
    fill(
        loaded,
        make_article("We counted FN and FP readings of the scanner.", id="pmid:8", title="Scanner."),
        make_article(
            "Febrile neutropenia (FNP) is an emergency of oncology. FNP needs antibiotics within one hour.",
            id="pmid:9",
            title="Emergencies.",
        ),
    )
    findings = services.search_evidence("febrile neutropenia")
    assert {passage.source.id for passage in findings.passages} == {"pmid:9"}
    assert "FNP needs antibiotics within one hour." in quotes(findings)


def test_a_passage_carries_the_words_it_stands_under(loaded):
    fill(loaded, make_guideline("## Measles\n\n**Adults:**\n- Bed rest is recommended for seven days.\n"))
    [passage] = services.search_evidence("measles").passages
    assert passage.context == ("Measles", "Adults")


def test_a_source_without_a_quotable_passage_is_passed_over(loaded):
    fill(loaded, make_article("Measles.", id="pmid:8", title="Measles in children of large towns."))
    assert not services.search_evidence("measles").is_enough
    assert [hit.source.id for hit in services.search("measles", limit=1)] == ["pmid:8"]


def test_a_preference_changes_neither_the_sources_nor_the_best_passage(loaded):
    question = "Should this patient be anticoagulated, and with what?"
    plain = services.search_evidence(question, context_terms=AF_PATIENT)
    for name in ("cardiology", "paediatrics"):
        leaning = services.search_evidence(
            question, context_terms=AF_PATIENT, preferred=Filters(specialties=(name,))
        )
        assert leaning.sources == plain.sources
        assert quotes(leaning)[0] == quotes(plain)[0]
