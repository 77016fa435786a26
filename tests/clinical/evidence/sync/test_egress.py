"""What may leave, what may not, and that a refusal repeats nothing of it."""

import ast
import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.sync.egress import LONGEST_QUERY, check_query
from clinical.evidence.sync.errors import Finding, Found, QueryRefused
from clinical.evidence.sync.words.vocabulary import Vocabulary, load_vocabulary

ROOT = Path(__file__).resolve().parents[4]
ASQ_PHI = ROOT.parent / "shared" / "data" / "deid" / "asq_phi_dev.jsonl"


@cache
def load_vocabulary_once() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary_once()


def findings(query: str, vocabulary: Vocabulary) -> set[Finding]:
    with pytest.raises(QueryRefused) as refused:
        check_query(query, vocabulary)
    return {each.finding for each in refused.value.findings}


@pytest.mark.parametrize(
    "query",
    [
        "heart failure[mh] AND randomized controlled trial[pt]",
        '("Heart Failure"[mh] OR heart failure[tiab]) AND 2015:2024[dp] AND english[la]',
        "apixaban AND atrial fibrillation AND (stroke OR bleeding) NOT animals[mh]",
        '("2020/01/01"[edat] : "3000"[edat]) AND anticoagulant*[tiab]',
        "last 5 years[dp] AND sepsis",
        "Crohn disease AND infliximab",
        "Guillain-Barré syndrome AND immunoglobulin",
        "Wells score AND DVT",
        "HbA1c in type 2 diabetes",
        "COPD AND ICU AND CRP",
        "patients aged 90 years and older with hypertension",
        "aspirin 100 mg versus clopidogrel 75mg",
        "What is the best treatment for gout in CKD?",
        "systematic[sb] AND asthma",
    ],
)
def test_coded_and_medical_terms_may_leave(query: str, vocabulary: Vocabulary) -> None:
    assert check_query(query, vocabulary).text == query


@pytest.mark.parametrize(
    ("query", "finding"),
    [
        ("heart failure in john smith", Finding.UNKNOWN_WORD),
        ("heart failure in John Smith", Finding.CAPITALISED),
        ("heart failure in SMITHSON", Finding.CAPITALISED),
        ("sepsis AND Chicago[tiab]", Finding.CAPITALISED),
        ("sepsis in chicago", Finding.UNKNOWN_WORD),
        ("treatment for mr. long", Finding.NAME),
        ("smith j[au] AND sepsis", Finding.FIELD),
        ("sepsis[ad]", Finding.FIELD),
        ("sepsis AND lee[la]", Finding.UNKNOWN_WORD),
        ("sepsis AND bo[dp]", Finding.DATE),
        ("gout seen on 3/14/2023", Finding.DATE),
        ("gout seen on 2023-03-14", Finding.DATE),
        ("gout seen on march 14", Finding.DATE),
        ("gout seen on the 14th of march", Finding.DATE),
        ("gout dob 1950", Finding.DATE),
        ("gout AND 14 March 1950[dp]", Finding.DATE),
        ("gout in a 93-year-old man", Finding.AGE),
        ("gout in a man aged 101", Finding.AGE),
        ("gout in a ninety-two year old man", Finding.AGE),
        ("gout 123-45-6789", Finding.SOCIAL_SECURITY_NUMBER),
        ("gout call 555-123-4567", Finding.PHONE),
        ("gout call (555) 123 4567", Finding.PHONE),
        ("gout a.b@c", Finding.EMAIL),
        ("gout www.hospital", Finding.URL),
        ("gout 10.1.2.3", Finding.URL),
        ("gout mrn 42", Finding.NUMBER),
        ("gout 1234567", Finding.NUMBER),
        ("gout 12-34-56", Finding.NUMBER),
        ("gout device 4f2", Finding.NUMBER),
        ("gout AB-1234", Finding.NUMBER),
        ("gout x7y8z9k", Finding.NUMBER),
        ("gout 4711", Finding.NUMBER),
        ("gout 12 long acre road", Finding.ADDRESS),
        ("gout p.o. box 3", Finding.ADDRESS),
        ("gout #2", Finding.CHARACTER),
        ("gout\nasthma", Finding.CHARACTER),
        ("gout \x00", Finding.CHARACTER),
        ("gout Иванов", Finding.CAPITALISED),
        ("(gout", Finding.SYNTAX),
        ('"gout', Finding.SYNTAX),
        ("gout[tiab", Finding.SYNTAX),
        ("  ", Finding.EMPTY),
        ("gout " * LONGEST_QUERY, Finding.LENGTH),
    ],
)
def test_what_may_tell_of_a_person_may_not(query: str, finding: Finding, vocabulary: Vocabulary) -> None:
    assert finding in findings(query, vocabulary)


def test_a_refusal_says_what_and_where_and_repeats_no_word(vocabulary: Vocabulary) -> None:
    with pytest.raises(QueryRefused) as refused:
        check_query("gout in Anna Pavlova 1234567", vocabulary)
    said = str(refused.value)
    assert "capitalised word that may be a name at character 9" in said
    assert "record, account or device number at character 22" in said
    assert all(word not in said for word in ("Anna", "Pavlova", "1234567", "gout"))
    assert "lower case" in said


@given(st.text(max_size=200))
def test_whatever_is_asked_leaves_whole_or_not_at_all(query: str) -> None:
    findings: tuple[Found, ...] = ()
    try:
        assert check_query(query, load_vocabulary_once()).text == query.strip()
    except QueryRefused as refused:
        findings = refused.findings
    assert all(1 <= each.position <= len(query) + 1 for each in findings)


@given(
    st.sampled_from(
        ["heart failure[mh] AND {}", "{} AND gout", "treatment of gout in {}", '"gout {}"[tiab]']
    ),
    st.one_of(
        st.from_regex(r"[0-9]{5,12}", fullmatch=True),
        st.from_regex(r"[A-Z][a-z]{3,8}ovich", fullmatch=True),
        st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.[a-z]{2,3}", fullmatch=True),
        st.from_regex(r"[0-9]{3}-[0-9]{2}-[0-9]{4}", fullmatch=True),
        st.dates().map(lambda day: f"{day:%m/%d/%Y}"),
        st.dates().map(lambda day: f"{day:%d %B %Y}"),
    ),
)
def test_no_identifier_leaves_wherever_it_stands(frame: str, identifier: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        check_query(frame.format(identifier), load_vocabulary_once())
    assert identifier not in str(refused.value)


def test_a_hospital_adds_words_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "words.txt"
    own.write_text("# reviewed by the privacy officer\nzorblaxumab\nZorblax\n", encoding="utf-8")
    vocabulary = load_vocabulary(own)
    assert check_query("zorblaxumab AND Zorblax", vocabulary).text == "zorblaxumab AND Zorblax"
    assert findings("zorblaxumabs", vocabulary) == {Finding.UNKNOWN_WORD}


def test_the_vocabulary_holds_no_common_names(vocabulary: Vocabulary) -> None:
    names = "john mary anna robert julie smith johnson garcia chicago boston denver lakeside methodist presbyterian".split()
    assert vocabulary.words.isdisjoint(names)
    assert {"heart", "apixaban", "losartan", "diabetes"} <= vocabulary.words


def test_only_the_guard_says_that_a_query_may_leave() -> None:
    makers = [
        str(file.relative_to(ROOT))
        for room in ("config", "clinical", "ehr_integration", "compliance")
        for file in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DeidentifiedQuery"
    ]
    assert set(makers) == {"clinical/evidence/sync/egress.py"}


@pytest.mark.skipif(not ASQ_PHI.exists(), reason="ASQ-PHI is not at hand (shared/data/deid)")
@pytest.mark.parametrize("is_lowered", [False, True])
def test_every_query_of_asq_phi_that_names_a_patient_is_held_back(
    is_lowered: bool, vocabulary: Vocabulary
) -> None:
    held: Counter[bool] = Counter()
    asked: Counter[bool] = Counter()
    for line in ASQ_PHI.read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        has_phi = bool(example["phi"])
        asked[has_phi] += 1
        try:
            check_query(example["text"].lower() if is_lowered else example["text"], vocabulary)
        except QueryRefused:
            held[has_phi] += 1
    assert held[True] == asked[True] == 445
    assert held[False] / asked[False] < 0.5
