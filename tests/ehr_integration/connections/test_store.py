import stat
from dataclasses import replace
from typing import Any

import pytest

from ehr_integration.connections import store
from ehr_integration.connections.domain import ClientAuthentication, Connection
from ehr_integration.connections.errors import ConnectionInvalid, ConnectionsUnreadable, UnknownEhr

EHR = Connection(
    name="st-mary",
    fhir_base_url="https://ehr.example.org/fhir/r4",
    client_id="tacit",
    client_authentication=ClientAuthentication.PRIVATE_KEY,
    frame_origins=("https://ehr.example.org",),
)


@pytest.fixture(autouse=True)
def file(settings, tmp_path):
    settings.RUNS_SANDBOX = False
    settings.TACIT_EHRS = tmp_path / "ehrs.toml"
    return settings.TACIT_EHRS


def test_a_connection_comes_back_as_it_was_saved(file):
    store.save(EHR)
    assert store.connection_named("st-mary") == EHR
    assert store.connection_of_issuer("https://ehr.example.org/fhir/r4/") == EHR
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_issuer_that_nobody_registered_is_unknown():
    store.save(EHR)
    for issuer in (
        "https://ehr.example.org/fhir",
        "https://ehr.example.org/fhir/r4/x",
        "",
        "http://ehr.example.org/fhir/r4",
    ):
        with pytest.raises(UnknownEhr):
            store.connection_of_issuer(issuer)


def test_what_a_person_wrote_beside_a_connection_stays(file):
    file.write_text(
        "# asked Ms Berg for the client id\n[other]\nfhir_base_url = 'https://other.example.org/fhir'\n"
    )
    store.save(EHR)
    store.remove("st-mary")
    assert "# asked Ms Berg" in file.read_text()
    assert [each.name for each in store.connections()] == ["other"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("fhir_base_url = 'http://ehr.example.org/fhir'", "fhir_base_url"),
        ("fhir_base_url = 'https://user:secret@ehr.example.org/fhir'", "fhir_base_url"),
        ("fhir_base_url = 'https://ehr.example.org./fhir'", "fhir_base_url"),
        ("fhir_base_url = 3", "fhir_base_url"),
        ("client_id = 'tacit'", "fhir_base_url"),
        ("fhir_base_url = 'https://e.org/fhir'\nclient_authentication = 'trust'", "client_authentication"),
        ("fhir_base_url = 'https://e.org/fhir'\nframe_origins = ['https://e.org/page']", "frame_origins"),
        (
            "fhir_base_url = 'https://e.org/fhir'\nframe_origins = ['https://e.org; script-src *']",
            "frame_origins",
        ),
        ("fhir_base_url = 'https://e.org/fhir'\ncds_issuer = 'https://e.org'", "cds_jku"),
        ("fhir_base_url = 'https://e.org/fhir'\nscope = 'x'", "scope"),
    ],
)
def test_a_line_that_cannot_be_is_named(file, line, named):
    file.write_text(f"[st-mary]\n{line}\n")
    with pytest.raises(ConnectionInvalid, match=named):
        store.connections()


def test_a_file_that_is_no_toml_is_a_typed_error(file):
    file.write_text("[[[")
    with pytest.raises(ConnectionsUnreadable):
        store.connections()
    with pytest.raises(ConnectionsUnreadable):
        store.save(EHR)


def test_the_demo_ehr_is_there_where_it_runs_and_nobody_writes_over_it(settings):
    settings.RUNS_SANDBOX = True
    (demo,) = store.connections()
    assert demo.fhir_base_url == settings.FHIR_BASE_URL
    with pytest.raises(ConnectionInvalid, match="demo"):
        store.save(demo)


def test_two_connections_that_could_not_be_told_apart_are_refused():
    store.save(EHR)
    with pytest.raises(ConnectionInvalid, match="st-mary has it already"):
        store.save(replace(EHR, name="twin"))
    cds: Any = {"cds_issuer": "https://ehr.example.org", "cds_jku": "https://ehr.example.org/jwks"}
    store.save(replace(EHR, **cds))
    with pytest.raises(ConnectionInvalid, match="cds_issuer"):
        store.save(replace(EHR, name="twin", client_id="", **cds))
    store.save(replace(EHR, name="twin", client_id=""))
