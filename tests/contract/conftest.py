"""What the foreign clients need: their packages, Node.js, a demo EHR that knows them, and a page of their own."""

import http.server
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port
from tests.contract.packages import FOLDER
from tests.serving import served

HERE = Path(__file__).parent
FHIRCLIENT = FOLDER / "fhirclient" / "package" / "build" / "fhir-client.js"
MEDPLUM = FOLDER / "medplum-core" / "package" / "dist" / "cjs" / "index.cjs"


@pytest.fixture
def smart_app(tmp_path):
    """The address of a page that is an app of the npm package `fhirclient`."""
    if not FHIRCLIENT.is_file():
        pytest.skip("the npm packages are not fetched: `make contract`")
    shutil.copy(FHIRCLIENT, tmp_path / "fhir-client.js")
    shutil.copy(HERE / "smart_app.js", tmp_path)
    shutil.copy(HERE / "smart_app.html", tmp_path / "index.html")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    with served(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def protected_ehr(smart_app, tmp_path):
    """A demo EHR that shows nothing without a token, and knows the app."""
    clients = tmp_path / "clients.toml"
    clients.write_text(
        f'[contract-app]\nredirect_uris = ["{smart_app}/"]\nlaunch_url = "{smart_app}/"\norigin = "{smart_app}"\n'
    )
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ehr_integration.sandbox", "--port", str(port)),
            *("--protected", "--clients", str(clients)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    origin, give_up_at = f"http://127.0.0.1:{port}", time.monotonic() + 20
    while time.monotonic() < give_up_at:
        try:
            httpx.get(f"{origin}/fhir/metadata")
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield origin
    process.terminate()
    process.wait(10)
