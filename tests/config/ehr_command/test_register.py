"""`manage.py ehr register`, with options and at a terminal."""

import sys

import pytest
from django.core.management import CommandError, call_command

from audit.services import BEGINNING_OF_TIME, recorded_since
from ehr_integration.connections.domain import ClientAuthentication
from ehr_integration.connections.store import connection_named, connections
from tests.config.running import run, run_json
from tests.ehr_integration.doctor.healthy import METADATA, an_ehr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("installation")]

MEDITECH = {**METADATA, "software": {"name": "Interoperability Services: US Core STU6"}}


@pytest.fixture
def at_a_terminal(monkeypatch):
    """Give a function that says what the person types, question by question."""

    def types(*answers):
        waiting = list(answers)
        asked = []

        def answer(prompt=""):
            asked.append(prompt)
            given = waiting.pop(0)
            if isinstance(given, type):
                raise given
            return given

        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", answer)
        return asked

    return types


def test_an_ehr_is_registered_and_examined_without_a_question():
    with an_ehr(metadata=MEDITECH) as ehr:
        document = run_json(
            "ehr", "register", ehr.base_url, "--name", "st-mary", "--internal", "--client-id", "tacit-7"
        )
    assert (document["name"], document["vendor"], document["errors"]) == ("st-mary", "meditech", 0)
    connection = connection_named("st-mary")
    assert (connection.client_id, connection.vendor) == ("tacit-7", "meditech")
    actions = [row.event.action for row in recorded_since(BEGINNING_OF_TIME)]
    assert [each for each in actions if each.endswith("-connection")] == [
        "change-connection",
        "check-connection",
    ]


def test_what_the_ehr_team_needs_is_printed(settings):
    with an_ehr() as ehr:
        text = run("ehr", "register", ehr.base_url, "--name", "st-mary", "--internal", "--yes")
    for line in (
        "/smart/launch",
        "/smart/callback",
        "/.well-known/jwks.json",
        "/cds-services",
        "patient/Condition.rs",
    ):
        assert line in text
    assert "manage.py ehr doctor st-mary" in text


def test_the_same_name_again_changes_it():
    with an_ehr() as ehr:
        run("ehr", "register", ehr.base_url, "--name", "st-mary", "--internal", "--yes")
        run("ehr", "register", ehr.base_url, "--name", "st-mary", "--internal", "--yes", "--client-id", "new")
    assert connection_named("st-mary").client_id == "new"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "URL"),
        (["http://ehr.example.org/fhir"], "https"),
        (["https://user:secret@ehr.example.org/fhir"], "https"),
        (["https://ehr.example.org/fhir", "--name", "St Mary"], "--name"),
        (["https://ehr.example.org/fhir", "--name", "st-mary"], "TACIT_MODE=production"),
    ],
)
def test_what_is_missing_or_wrong_is_named(arguments, named):
    with pytest.raises(CommandError, match=named):
        call_command("ehr", "register", *arguments, "--yes")


def test_what_is_known_of_the_product_is_printed_with_its_source():
    with an_ehr(metadata=MEDITECH) as ehr:
        text = run("ehr", "register", ehr.base_url, "--name", "st-mary", "--yes")
    assert "What is known of MEDITECH" in text
    assert "https://" in text.partition("What is known of MEDITECH")[2]


def test_a_change_keeps_what_is_not_given_again():
    with an_ehr() as ehr:
        run("ehr", "register", ehr.base_url, "--name", "st-mary", "--client-id", "one", "--yes")
        run("ehr", "register", "--name", "st-mary", "--backend-client-id", "two", "--yes")
        run("ehr", "register", ehr.base_url, "--frame-origin", "https://ehr.example.org", "--yes")
    (connection,) = connections()
    assert (connection.name, connection.fhir_base_url) == ("st-mary", ehr.base_url)
    assert (connection.client_id, connection.backend_client_id) == ("one", "two")
    assert connection.frame_origins == ("https://ehr.example.org",)


def test_an_empty_option_takes_a_line_out():
    with an_ehr() as ehr:
        run("ehr", "register", ehr.base_url, "--name", "st-mary", "--client-id", "one", "--yes")
        run("ehr", "register", "--name", "st-mary", "--client-id", "", "--yes")
    assert connection_named("st-mary").client_id == ""


def test_at_a_terminal_each_line_is_asked_for(at_a_terminal):
    with an_ehr() as ehr:
        asked = at_a_terminal(ehr.base_url, "st-mary", "launcher", "", "", "https://ehr.example.org")
        run("ehr", "register")
    assert len(asked) == 6
    connection = connection_named("st-mary")
    assert (connection.client_id, connection.backend_client_id) == ("launcher", "")
    assert connection.frame_origins == ("https://ehr.example.org",)


def test_an_answer_that_cannot_be_is_told_and_nothing_is_written(at_a_terminal, settings):
    with an_ehr() as ehr:
        at_a_terminal("launcher", "", "https://ehr.example.org", "", "")
        with pytest.raises(CommandError, match="cds_issuer, cds_jku"):
            call_command("ehr", "register", ehr.base_url, "--name", "st-mary")
    assert not settings.TACIT_EHRS.exists()


@pytest.mark.parametrize("key", [KeyboardInterrupt, EOFError])
def test_who_stops_at_a_question_leaves_nothing(at_a_terminal, settings, key):
    with an_ehr() as ehr:
        at_a_terminal("launcher", key)
        with pytest.raises(CommandError, match="nothing was written"):
            call_command("ehr", "register", ehr.base_url, "--name", "st-mary")
    assert not settings.TACIT_EHRS.exists()
    actions = [row.event.action for row in recorded_since(BEGINNING_OF_TIME)]
    assert "change-connection" not in actions


def test_a_client_with_a_secret_needs_the_file_of_it(tmp_path, settings):
    secret = ["--client-auth", "client_secret_basic", "--name", "st-mary", "--yes"]
    with an_ehr() as ehr:
        for more in ([], ["--client-secret-file", str(tmp_path / "none")]):
            with pytest.raises(CommandError, match="--client-secret-file"):
                call_command("ehr", "register", ehr.base_url, *secret, *more)
        assert not settings.TACIT_EHRS.exists()
        (tmp_path / "secret").write_text("s3cret")
        text = run("ehr", "register", ehr.base_url, *secret, "--client-secret-file", tmp_path / "secret")
    assert connection_named("st-mary").client_authentication is ClientAuthentication.CLIENT_SECRET
    assert "client_secret_basic" in text
    assert "s3cret" not in text


def test_an_ehr_that_does_not_answer_yet_is_written_down_all_the_same():
    document = run_json("ehr", "register", "http://127.0.0.1:1/fhir", "--name", "later", code=0)
    assert document["errors"] == 1
    assert connection_named("later").vendor == ""


@pytest.mark.parametrize("username", ["alma", "olga"])
def test_who_may_not_register_asks_no_ehr(username):
    with an_ehr() as ehr:
        with pytest.raises(CommandError, match="may not"):
            call_command("ehr", "register", ehr.base_url, "--name", "st-mary", "--as", username)
        assert ehr.requests == []
