"""`manage.py ehr doctor`: in words, as one object, with its exit code, recorded."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from audit.services import BEGINNING_OF_TIME, recorded_since
from tests.config.running import run, run_json
from tests.ehr_integration.doctor.healthy import an_ehr
from tests.ehr_integration.ehr import serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("installation")]


def test_the_doctor_ends_with_1_where_something_does_not_work(capsys):
    with an_ehr(Condition=(403, {}, b"")) as ehr, pytest.raises(SystemExit) as ended:
        call_command("ehr", "doctor", ehr.base_url, "--patient", "p1", "--json")
    assert ended.value.code == 1
    document = json.loads(capsys.readouterr().out)
    assert document["errors"] == 2  # conditions, and those that mean a pregnancy
    assert {"code", "severity", "area", "what", "tell"} == set(document["findings"][0])


def test_the_doctor_tells_in_words():
    with an_ehr() as ehr:
        text = run("ehr", "doctor", ehr.base_url, "--patient", "p1")
    assert "✓ metadata: FHIR 4.0.1, An EHR 1." in text


def test_an_unknown_name_is_told():
    with pytest.raises(CommandError, match="ehr list"):
        call_command("ehr", "doctor", "nobody")


def test_words_go_to_standard_output_and_progress_beside_it():
    out, beside = io.StringIO(), io.StringIO()
    with an_ehr() as ehr:
        call_command("ehr", "doctor", ehr.base_url, stdout=out, stderr=beside)
    assert "[1/10] tls" in beside.getvalue()
    assert "[1/10]" not in out.getvalue()


def test_what_is_wrong_is_told_as_a_letter(capsys):
    with an_ehr(Procedure=(403, {}, b"")) as ehr, pytest.raises(SystemExit):
        call_command("ehr", "doctor", ehr.base_url, "--patient", "p1")
    text = capsys.readouterr().out
    letter = text.partition("Tell the EHR team:")[2]
    assert "✗ searches: procedures (Procedure): answered 403" in text
    assert "1. The search Procedure by patient" in letter
    assert "1 error" in letter


def test_a_token_of_a_file_is_used_and_never_printed(tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    with an_ehr() as ehr:
        text = run("ehr", "doctor", ehr.base_url, "--token-file", tmp_path / "token")
        sent = {path.rpartition("/")[2]: headers.get("Authorization") for path, _, headers in ehr.requests}
    assert sent["Condition"] == "Bearer s3cret"
    assert sent["jwks"] is None
    assert "s3cret" not in text


@pytest.mark.parametrize("content", [None, b"", b"two words", b"two\nlines", b"\xff", "sécret".encode()])
def test_a_file_that_holds_no_token_is_told(tmp_path, content):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match="--token-file"):
        call_command("ehr", "doctor", "http://127.0.0.1:1/fhir", "--token-file", str(file))


def test_an_examination_is_recorded_without_address_or_patient():
    with an_ehr() as ehr:
        run_json("ehr", "doctor", ehr.base_url, "--patient", "p1")
    (event,) = [
        row.event for row in recorded_since(BEGINNING_OF_TIME) if row.event.action == "check-connection"
    ]
    assert (event.actor, event.patient_id, event.detail) == ("ada", "", {"ehr": "not-registered"})


@pytest.mark.parametrize("username", ["alma", "olga"])
def test_only_an_administrator_examines(username):
    with an_ehr() as ehr:
        with pytest.raises(CommandError, match="may not"):
            call_command("ehr", "doctor", ehr.base_url, "--as", username)
        assert ehr.requests == []


@pytest.mark.parametrize(
    "answer",
    [(200, {"Content-Type": "text/html"}, b"<html>sign in</html>"), (500, {}, b""), (200, {}, b"[" * 99_999)],
    ids=["html", "500", "deep"],
)
def test_a_hostile_server_is_told_and_not_a_crash(answer):
    with serving(lambda path, query: answer) as ehr:
        document = run_json("ehr", "doctor", ehr.base_url, "--patient", "p1", code=1)
    assert "metadata-none" in {each["code"] for each in document["findings"]}


@pytest.mark.parametrize("url", ["http://ehr.example.org/fhir", "https://a:b@ehr.example.org", "ftp://x/y"])
def test_an_address_that_patient_data_may_not_go_to_is_refused(url):
    with pytest.raises(CommandError, match="https"):
        call_command("ehr", "doctor", url)
