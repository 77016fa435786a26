"""HL7 v2 messages become a chart, or are refused by segment and field; nothing crashes."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehr_integration.chart.domain import Category
from ehr_integration.errors import ChartRefused, MessageRefused
from ehr_integration.hl7v2.charts import chart_from_hl7v2
from tests.ehr_integration.hl7v2.messages import HEADER, PATIENT, message

ON = date(2024, 6, 1)
SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "hl7v2"


def chart(*segments, **parts):
    return chart_from_hl7v2(message(*segments, **parts), on=ON)


def facts(category, *segments, **parts):
    return [fact for fact in chart(*segments, **parts).facts if fact.category is category]


def refusal(body):
    with pytest.raises(MessageRefused) as refused:
        chart_from_hl7v2(body, on=ON)
    return refused.value.segment, refused.value.field


def test_the_patient_is_read_from_pid():
    patient = chart().patient
    assert (patient.name, patient.sex, patient.birth_date) == ("Berta Adler", "female", date(1962, 3, 20))


def test_the_same_patient_has_the_same_id_in_every_message_and_another_elsewhere():
    elsewhere = PATIENT.replace("NORTH", "SOUTH")
    assert chart().patient.id == chart(kind="ORU^R01").patient.id != chart(patient=elsewhere).patient.id


@pytest.mark.parametrize(
    ("obx", "text", "value"),
    [
        ("NM|2160-0^Creatinine^LN||1.9|mg/dL^mg/dL^UCUM|||||F", "Creatinine 1.9 mg/dL", 1.9),
        ("NM|2160-0^Creatinine^LN||<0.3|mg/dL|||||F", "Creatinine <0.3 mg/dL", None),
        ("SN|2160-0^Creatinine^LN||>^9|mg/dL|||||F", "Creatinine >9 mg/dL", None),
        ("NM|777-3^Platelets^LN||221|giga.l-1|||||F", "Platelets 221 10*9/L", 221),
        ("NM|2160-0^Creatinine^LN||1.9|mg/dL|||||P", "Creatinine 1.9 mg/dL (preliminary)", 1.9),
        ("CE|5778-6^Urine colour^LN||Y^Yellow^L||||||F", "Urine colour: Yellow", None),
        ("ST|630-4^Culture^LN||no growth~at 48 h||||||F", "Culture: no growth at 48 h", None),
        ("ST|630-4^Culture^LN||A\\T\\B\\F\\\\X43\\||||||F", "Culture: A&B|C", None),
    ],
)
def test_a_result_is_read_by_its_value_type(obx, text, value):
    [fact] = facts(
        Category.LABORATORY, "OBR|1||F1|24323-8^Panel^LN|||20240501", f"OBX|1|{obx}", kind="ORU^R01"
    )
    assert (fact.text, fact.value, fact.on) == (text, value, date(2024, 5, 1))


def test_a_result_that_was_wrong_is_left_out_with_a_finding():
    found = chart("OBX|1|NM|2160-0^Creatinine^LN||19|mg/dL|||||W", kind="ORU^R01")
    assert not found.facts
    assert [finding.code for finding in found.findings] == ["entered-in-error"]


def test_a_later_message_corrects_an_earlier_result_of_the_same_order():
    first, second = (
        message("OBR|1||F1", f"OBX|1|NM|2160-0^Creatinine^LN||{value}|mg/dL|||||{status}", kind="ORU^R01")
        for value, status in (("9.1", "F"), ("1.9", "C"))
    )
    found = chart_from_hl7v2(first + b"\r" + second, on=ON)
    assert [fact.value for fact in found.facts] == [1.9]


def test_a_deleted_value_is_no_value():
    found = chart('OBX|1|NM|2160-0^Creatinine^LN||""|mg/dL|||||F', kind="ORU^R01")
    assert not found.facts


def test_diagnoses_allergies_procedures_and_the_visit_are_read():
    found = chart(
        "PV1|1|E|||||99^Ott^Carl||||||||||||V1|||||||||||||||||||||||||20240501",
        "AL1|1|DA|70618^Penicillin^RXNORM|SV|hives",
        "DG1|1||I10^Hypertension^I10C||20240501|F",
        "PR1|1||80146002^Appendectomy^SCT||20200101",
        "ZZZ|anything|at~all",
    )
    assert [fact.text for fact in sorted(found.facts, key=lambda fact: fact.category)] == [
        "Allergy: Penicillin, reaction: hives, high criticality",
        "Hypertension (clinical status not given, recorded 2024-05-01)",
        "Emergency visit (in progress, 2024-05-01)",
        "Appendectomy (completed, 2020-01-01)",
    ]


@pytest.mark.parametrize(("control", "status"), [("NW", "active"), ("DC", "stopped"), ("ZZ", "unknown")])
def test_an_order_of_a_medicine_has_the_status_of_its_control_code(control, status):
    [fact] = facts(
        Category.MEDICATIONS,
        f"ORC|{control}|P1|F1||||||20240501",
        "RXE||6809^Metformin^RXNORM|500||mg||with meals",
        "RXR|PO^Oral",
        kind="RDE^O11",
    )
    assert fact.text == f"Metformin, 500 mg Oral, with meals ({status})"
    assert fact.code == "http://www.nlm.nih.gov/research/umls/rxnorm|6809"


def test_a_medicine_that_was_refused_is_not_given():
    rxa = "RXA|0|1|20240501||6809^Metformin^RXNORM|500|mg" + "|" * 13 + "RE"
    [fact] = facts(Category.MEDICATIONS, "ORC|RE|P1|F1", rxa, kind="RAS^O17")
    assert re.fullmatch(r"Metformin.*\(not given\)", fact.text)


def test_a_document_is_one_note():
    [note] = facts(
        Category.NOTES,
        "TXA|1|CN^Consultation|TX|20240501|||||||D1|||||AU",
        "OBX|1|TX|||Seen today.",
        "OBX|2|TX|||Doing well.",
        kind="MDM^T02",
    )
    assert (note.name, note.text) == ("Consultation", "Seen today. Doing well.")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_batch_is_read_whatever_its_line_ends(end):
    dg1 = ["DG1|1||I10^Hypertension^I10C", "DG1|1||E11^Diabetes^I10C"]
    bodies = [message(each).decode().replace("\r", end) for each in dg1]
    body = end.join(["FHS|^~\\&|LIS", "BHS|^~\\&|LIS", *bodies, "BTS|2", "FTS|1"])
    found = chart_from_hl7v2(f"\ufeff{body}".encode(), on=ON)
    assert {fact.name for fact in found.facts} == {"Hypertension", "Diabetes"}


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("", "utf-8"), ("", "cp1252")],
)
def test_the_character_set_is_that_of_msh_18(declared, encoding):
    header = HEADER + f"||||||{declared}"
    body = message(header=header, patient=PATIENT.replace("Adler", "Müller")).decode().encode(encoding)
    assert chart_from_hl7v2(body, on=ON).patient.name == "Berta Müller"


def test_other_encoding_characters_are_followed():
    body = message("DG1|1||I10^Hypertension^I10C").replace(b"^", b"!").replace(b"|", b"*")
    assert [fact.name for fact in chart_from_hl7v2(body, on=ON).facts] == ["Hypertension"]


def test_a_time_without_zone_takes_the_senders():
    [fact] = facts(Category.CONDITIONS, "DG1|1||I10^Hypertension^I10C||202405012330")
    assert fact.on == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"MSH", ("MSH", 1)),
        (b"MSHA^~\\&AB", ("MSH", 1)),
        (b"MSH|^^~\\|LIS", ("MSH", 2)),
        (b"MSH|AB~\\&|LIS", ("MSH", 2)),
        (b"PID|1||4711", ("MSH", None)),
        (message(kind=""), ("MSH", 9)),
        (message(patient=""), ("PID", None)),
        (message(patient="PID|1|||||"), ("PID", 3)),
        (message(patient='PID|1||""'), ("PID", 3)),
        (message(PATIENT.replace("4711", "4712")), ("PID", 3)),
        (message(header=HEADER + "||||||EBCDIC"), ("MSH", 18)),
        (message(header=HEADER + "||||||ASCII", patient=PATIENT + "|Ä"), ("MSH", 18)),
        (message("DG1|1||I10^broken\rhere is the rest"), ("DG1", None)),
        (message("DG1|1||I10" + "~I11" * 200_000), ("DG1", None)),
    ],
)
def test_what_cannot_be_read_is_refused_by_segment_and_field(body, place):
    assert refusal(body) == place


def test_a_segment_cannot_be_smuggled_in_by_an_escape():
    found = chart("DG1|1||I10^a\\X0D\\DG1\\F\\2\\F\\\\F\\E11^I10C")
    assert len(found.facts) == 1


@pytest.mark.parametrize(
    "text", ["\\" * 5_000, "\\E\\" * 5_000, "\\X" + "4" * 10_000 + "\\", "\\XZZ\\", "\\.br\\"]
)
def test_odd_escapes_end(text):
    assert len(chart(f"DG1|1||I10^a{text}^I10C").facts) == 1


def test_no_message_of_a_refusal_holds_what_was_sent():
    with pytest.raises(MessageRefused) as refused:
        chart_from_hl7v2(message("DG1|1||x\rCANARY tells nothing"), on=ON)
    assert "CANARY" not in str(refused.value)


WHOLE = message(
    "PV1|1|I", "AL1|1|DA|1^x", "DG1|1||I10^a^I10C||2024", "TXA|1|CN", "ORC|NW|1", "RXE||1^m|5||mg",
    "RXA|0|1|2024||1^v|5", "OBR|1||F1", "OBX|1|SN|2160-0^c^LN||>^9|mg/dL|||||F", "NTE|1||a\\T\\b", "PRB|AD|2024|1^p",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_cut_and_garbled_messages_never_crash(data):
    body = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"|", b"^", b"\\", b"\r"])
        )
    cut = data.draw(st.integers(0, len(body)))
    with suppress(ChartRefused):
        chart_from_hl7v2(bytes(body[:cut]) if data.draw(st.booleans()) else bytes(body), on=ON)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample messages of ../shared/data are not here")
def test_of_the_samples_nearly_all_become_charts_and_the_others_name_a_segment():
    refusals: list[str] = []
    charts = 0
    for path in sorted(SAMPLES.iterdir()):
        try:
            chart_from_hl7v2(path.read_bytes(), on=ON)
            charts += 1
        except MessageRefused as refused:
            refusals.append(str(refused))
    assert charts >= 0.95 * (charts + len(refusals))
    assert all(re.match(r"[A-Z0-9]{3}(-\d+)?: ", each) for each in refusals)
