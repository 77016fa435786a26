"""`manage.py ehr mllp` begins only where patient data cannot be read on the way."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        (["--host", "0.0.0.0"], "--certificate"),  # noqa: S104 - what must be refused
        (["--client-ca", "ca.pem"], "--certificate"),
        (["--certificate", "c.pem"], "--key"),
        (["--certificate", "c.pem", "--key", "k.pem"], "cannot be used"),
        (["--token-file", "missing"], "--token-file"),
        (["--forward-to", "http://fhir.test"], "https"),
    ],
)
def test_an_option_that_does_not_fit_is_told_with_its_fix(tmp_path, monkeypatch, options, fix):
    monkeypatch.chdir(tmp_path)
    forward = [] if "--forward-to" in options else ["--forward-to", "https://fhir.test/r4"]
    with pytest.raises(CommandError, match=fix):
        call_command("ehr", "mllp", *forward, *options)
