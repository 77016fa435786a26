"""An installation without the demo EHR, whose connections and keys lie in a folder of the test's own."""

import pytest


@pytest.fixture
def installation(settings, tmp_path, cast):
    settings.RUNS_SANDBOX = False
    settings.TACIT_EHRS = tmp_path / "ehrs.toml"
    settings.TACIT_CLIENT_KEYS = tmp_path / "keys"
