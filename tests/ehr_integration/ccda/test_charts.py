"""C-CDA documents become a chart, section by section; what cannot be read is refused by name, never a crash."""

from base64 import b64encode
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_integration.ccda import charts, parsing
from ehr_integration.ccda.charts import chart_from_cda
from ehr_integration.errors import ChartRefused, DocumentRefused
from tests.ehr_integration.ccda.documents import (
    ALLERGY,
    HEAD,
    LOINC,
    PROBLEM,
    RXNORM,
    SNOMED,
    coded,
    document,
    section,
)

ON = date(2024, 6, 1)
SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "ccda"
ASTHMA = coded("value", "195967001", SNOMED, "Asthma")


def texts(*sections):
    return [fact.text for fact in chart_from_cda(document(*sections), on=ON).facts]


def problem(inner, *, concern="active", attributes=""):
    return (
        f'<act><statusCode code="{concern}"/><entryRelationship><observation {attributes}>{PROBLEM}{inner}'
        "</observation></entryRelationship></act>"
    )


def test_the_patient_is_read_from_the_header():
    patient = chart_from_cda(document(), on=ON).patient
    assert (patient.name, patient.sex, patient.birth_date) == ("Berta Adler", "female", date(1962, 3, 20))


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (problem(f'<effectiveTime><low value="2010"/></effectiveTime>{ASTHMA}'), "Asthma (active since 2010)"),
        (
            problem(f'<effectiveTime><low value="2010"/><high value="2012"/></effectiveTime>{ASTHMA}'),
            "Asthma (resolved 2012, since 2010)",
        ),
        (
            problem(f'<effectiveTime><high nullFlavor="UNK"/></effectiveTime>{ASTHMA}'),
            "Asthma (resolved)",
        ),
        (problem(ASTHMA, attributes='negationInd="true"'), "Asthma (refuted: the patient does not have it)"),
        (
            problem('<value xsi:type="CD" nullFlavor="OTH"><originalText><reference value="#p"/></originalText></value>'),
            "Odd cough (active)",
        ),
        (
            problem(f'<value xsi:type="CD" nullFlavor="UNK">{coded("translation", "J45", "2.16.840.1.113883.6.90", "Asthma")}</value>'),
            "Asthma (active)",
        ),
        (
            problem(
                f'{ASTHMA}<entryRelationship><observation><code code="33999-4"/>'
                f"{coded('value', '73425007', SNOMED, 'Inactive')}</observation></entryRelationship>"
            ),
            "Asthma (inactive)",
        ),
    ],
)  # fmt: skip
def test_a_problem_says_whether_it_holds(entry, text):
    assert texts(section("11450-4", entry, text='<content ID="p">Odd cough</content>')) == [text]


def allergy(inner, *, attributes="", value=("419199007", "Allergy to substance")):
    kind = coded("value", value[0], SNOMED, value[1])
    return f"<act><entryRelationship><observation {attributes}>{ALLERGY}{kind}{inner}</observation></entryRelationship></act>"


PENICILLIN = (
    f"<participant><participantRole><playingEntity>{coded('code', '7980', RXNORM, 'Penicillin')}"
    "</playingEntity></participantRole></participant>"
)
HIVES = f'<entryRelationship typeCode="MFST"><observation>{coded("value", "247472004", SNOMED, "Hives")}</observation></entryRelationship>'


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (allergy(PENICILLIN + HIVES), "Allergy: Penicillin, reaction: Hives"),
        (allergy("", attributes='negationInd="true"'), "No known allergies"),
        (
            allergy("", attributes='negationInd="true"', value=("416098002", "Drug allergy")),
            "No known drug allergies",
        ),
        (allergy(PENICILLIN, attributes='negationInd="true"'), "Allergy: Penicillin (refuted)"),
    ],
)
def test_an_allergy_or_that_there_is_none_is_read(entry, text):
    assert texts(section("48765-2", entry)) == [text]


def medicine(inner="", *, attributes='moodCode="EVN"'):
    return (
        f'<substanceAdministration {attributes}><statusCode code="active"/>{inner}<doseQuantity value="500" unit="mg"/>'
        f"<consumable><manufacturedProduct><manufacturedMaterial>{coded('code', '6809', RXNORM, 'Metformin')}"
        "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"
    )


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (medicine(), "Metformin, 500 mg (reported as taken, active)"),
        (medicine(attributes='moodCode="INT"'), "Metformin, 500 mg (active)"),
        (
            medicine(attributes='moodCode="EVN" negationInd="true"'),
            "Metformin, 500 mg (not reported as taken)",
        ),
        (
            medicine('<effectiveTime xsi:type="IVL_TS"><high value="20230101"/></effectiveTime>'),
            "Metformin, 500 mg (reported as taken, completed)",
        ),
        (
            medicine('<effectiveTime xsi:type="PIVL_TS"><period value="12" unit="h"/></effectiveTime>'),
            "Metformin, 500 mg every 12 h (reported as taken, active)",
        ),
    ],
)
def test_a_medicine_is_read_with_its_dose_and_status(entry, text):
    assert texts(section("10160-0", entry)) == [text]


def result(value, *, time='<effectiveTime value="202405012330+0200"/>'):
    return (
        f"<organizer><component><observation>{coded('code', '2160-0', LOINC, 'Creatinine')}"
        f'<statusCode code="completed"/>{time}{value}</observation></component></organizer>'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('<value xsi:type="PQ" value="1.9" unit="mg/dL"/>', "Creatinine 1.9 mg/dL"),
        ('<value xsi:type="PQ" nullFlavor="ASKU"/>', "Creatinine: no value (asked but unknown)"),
        ('<value xsi:type="ST">clotted</value>', "Creatinine: clotted"),
        (
            '<value xsi:type="IVL_PQ"><high value="0.3" unit="mg/dL" inclusive="false"/></value>',
            "Creatinine <0.3 mg/dL",
        ),
    ],
)
def test_a_result_is_read_by_the_type_of_its_value(value, text):
    [fact] = chart_from_cda(document(section("30954-2", result(value))), on=ON).facts
    assert (fact.text, fact.on) == (text, date(2024, 5, 1))


def test_procedures_encounters_pregnancy_and_notes_are_read():
    done = f'<procedure moodCode="EVN" negationInd="true">{coded("code", "1", SNOMED, "Biopsy")}</procedure>'
    visit = f'<encounter moodCode="EVN">{coded("code", "2", SNOMED, "Visit")}<effectiveTime value="20240401"/></encounter>'
    pregnant = f'<observation><code code="ASSERTION"/><statusCode code="completed"/>{coded("value", "77386006", SNOMED, "Pregnant")}</observation>'
    found = texts(
        section("47519-4", done),
        section("46240-8", visit),
        section("29762-2", pregnant),
        section("51848-0", text="<paragraph>Stable.</paragraph><paragraph>Go on.</paragraph>"),
    )
    assert set(found) == {
        "Not done: Biopsy",
        "Visit (finished, 2024-04-01)",
        "Pregnancy status: Pregnant",
        "Stable. Go on.",
    }


def test_the_words_of_a_section_without_entries_are_kept_as_a_note():
    assert texts(section("48765-2", text="No allergies were told of.")) == ["No allergies were told of."]


def test_statements_that_share_an_id_by_mistake_are_all_kept_and_repeated_ones_once():
    same_id = '<id root="1.1"/>'
    entries = [problem(same_id + value) for value in (ASTHMA, coded("value", "44054006", SNOMED, "Diabetes"))]
    assert texts(section("11450-4", *entries), section("11450-4", entries[0])) == [
        "Asthma (active)",
        "Diabetes (active)",
    ]


def test_a_body_without_structure_is_a_note():
    text = b64encode(b"Dear colleague").decode()
    body = document(head=HEAD).replace(
        b"<structuredBody></structuredBody>",
        f'<nonXMLBody><text mediaType="text/plain" representation="B64">{text}</text></nonXMLBody>'.encode(),
    )
    assert [fact.text for fact in chart_from_cda(body, on=ON).facts] == ["Dear colleague"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize(
    "prolog", [BOMB, EXTERNAL, PARAMETER, REMOTE], ids=["bomb", "external", "parameter", "remote"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_with_a_dtd_is_refused_before_it_is_read(prolog, encoding):
    body = document(section("51848-0", text="&c;"), prolog=prolog).decode().encode(encoding)
    with pytest.raises(DocumentRefused, match="DTD"):
        chart_from_cda(body, on=ON)


@pytest.mark.parametrize(
    ("body", "code", "part"),
    [
        (b"<html/>", "unknown-format", "ClinicalDocument"),
        (b"<ClinicalDocument", "unknown-format", "ClinicalDocument"),
        (b'<?xml version="1.0" encoding="ebcdic-nothing"?><a/>', "unknown-format", "ClinicalDocument"),
        (document(section("51848-0", text="&undefined;")), "unknown-format", "ClinicalDocument"),
        (document(section("51848-0", text="<a>" * 10_000 + "</a>" * 10_000)), "too-deep", "ClinicalDocument"),
        (document(section("51848-0", text="<a/>" * 300_001)), "too-large", "ClinicalDocument"),
        (document(head=""), "no-patient", "recordTarget"),
        (document(head="<recordTarget><patientRole/></recordTarget>"), "no-patient", "recordTarget"),
        (document(head=HEAD + HEAD.replace("4711", "4712")), "several-patients", "recordTarget"),
        (document(section("11450-4", *[""] * 5_001)), "too-large", "11450-4"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_code_and_section(body, code, part):
    with pytest.raises(DocumentRefused) as refused:
        chart_from_cda(body, on=ON)
    assert (refused.value.code, refused.value.section) == (code, part)


def test_a_huge_document_is_refused_unread(monkeypatch):
    monkeypatch.setattr(parsing, "MAX_BYTES", 1_000)
    with pytest.raises(DocumentRefused, match="MiB"):
        chart_from_cda(b"<" * 1_001, on=ON)


WHOLE = document(
    section("11450-4", problem(ASTHMA)),
    section("48765-2", allergy(PENICILLIN + HIVES)),
    section("10160-0", medicine()),
    section("30954-2", result('<value xsi:type="PQ" value="1.9" unit="mg/dL"/>')),
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_cut_and_garbled_documents_never_crash(data):
    body = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + 1] = data.draw(st.binary(max_size=2) | st.sampled_from([b"<", b"9", b'"']))
    cut = data.draw(st.integers(0, len(body))) if data.draw(st.booleans()) else len(body)
    with suppress(ChartRefused):
        chart_from_cda(bytes(body[:cut]), on=ON)


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(
        st.sampled_from(["", "x", "20240230", "1e400", "-1", "NaN", "٣", "#", "true"]), min_size=9, max_size=9
    )
)
def test_odd_attributes_never_crash(values):
    given_values = iter(values * 30)
    parts = WHOLE.decode().split('value="')
    body = parts[0] + "".join(
        f'value="{next(given_values)}"{part.partition(chr(34))[2]}' for part in parts[1:]
    )
    chart_from_cda(body.encode(), on=ON)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample documents of ../shared/data are not here")
@pytest.mark.parametrize(
    "path", sorted(SAMPLES.iterdir()) if SAMPLES.exists() else [], ids=lambda path: path.stem
)
def test_each_sample_becomes_a_chart(path):
    assert chart_from_cda(path.read_bytes(), on=ON).patient.birth_date is not None


def test_every_reader_is_of_a_section_by_its_loinc_code():
    assert all(code.partition("-")[0].isdigit() for code in charts.READERS)
