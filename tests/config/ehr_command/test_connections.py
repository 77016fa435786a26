import pytest
from django.core.management import CommandError, call_command

from tests.config.running import run, run_json
from tests.ehr_integration.doctor.healthy import an_ehr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("installation")]


def test_a_folder_that_holds_no_keys_is_told(settings, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "ES384-000001.pem").write_text("no key")
    with pytest.raises(CommandError, match="owner"):
        call_command("ehr", "keys")


def test_what_is_registered_is_listed_and_taken_out():
    with an_ehr() as ehr:
        run("ehr", "register", ehr.base_url, "--name", "st-mary", "--internal", "--yes")
    (row,) = run_json("ehr", "list")["connections"]
    assert (row["name"], row["launches"]) == ("st-mary", False)
    run("ehr", "remove", "st-mary")
    assert run_json("ehr", "list")["connections"] == []
    with pytest.raises(CommandError, match="No EHR of this name"):
        call_command("ehr", "remove", "st-mary")


def test_keys_rotate_and_the_old_ones_stay_published():
    before = {key["kid"] for key in run_json("ehr", "keys")["keys"]}
    after = {key["kid"] for key in run_json("ehr", "keys", "--rotate")["keys"]}
    assert len(before) == 2
    assert before < after
    assert len(after) == 4
    assert not any("d" in key for key in run_json("ehr", "keys")["keys"])


@pytest.mark.parametrize("username", ["alma", "olga"])
def test_only_an_administrator_changes_connections(username):
    for arguments in (
        ["care", "--clinician", "carla", "--patient", "x"],
        ["keys"],
        ["keys", "--rotate"],
        ["list"],
        ["register", "http://127.0.0.1:1/fhir", "--name", "x", "--yes"],
        ["remove", "x"],
    ):
        with pytest.raises(CommandError, match="may not"):
            call_command("ehr", *arguments, "--as", username)
