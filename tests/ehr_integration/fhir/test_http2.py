"""Parallel reads over shared HTTP/2 connections, against a real server with TLS."""

import asyncio
import json
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config

from ehr_integration.fhir.addresses import PinnedTransport
from ehr_integration.fhir.client import FhirClient
from ehr_integration.fhir.origin import FhirEndpoint
from tests.certificates import self_signed
from tests.conftest import free_port


@pytest.fixture
def certificate(tmp_path):
    return self_signed(tmp_path)


@pytest.fixture
def http2_ehr(certificate):
    """An EHR that answers the patient it is asked for, and notes over which connection."""
    seen = []

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        seen.append((scope["http_version"], scope["client"]))
        await asyncio.sleep(0.05)
        body = json.dumps({"resourceType": "Patient", "id": scope["path"].rpartition("/")[2]}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    config = Config()
    port = free_port()
    config.bind = [f"127.0.0.1:{port}"]
    config.certfile, config.keyfile = str(certificate), str(certificate)
    config.loglevel = "ERROR"
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    def run():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve(app, config, shutdown_trigger=stop.wait))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{port}/fhir", seen
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def test_parallel_reads_share_an_http2_connection(http2_ehr, certificate):
    base_url, seen = http2_ehr
    tls = ssl.create_default_context(cafile=str(certificate))
    with PinnedTransport(is_internal=True, tls=tls) as transport:
        client = FhirClient(FhirEndpoint(base_url=base_url, deadline_seconds=10), transport=transport)

        def read(number):
            return client.read("Patient", str(number), deadline=client.deadline())["id"]

        assert read(0) == "0"
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(read, range(8))) == [str(number) for number in range(8)]
    assert {version for version, _ in seen} == {"2"}
    # Nine reads; a pool under load may open a second connection, but not one for each.
    assert len({peer for _, peer in seen}) <= 2


def test_a_certificate_that_nobody_vouches_for_is_refused(http2_ehr):
    base_url, seen = http2_ehr
    with PinnedTransport(is_internal=True) as transport, pytest.raises(httpx.ConnectError):
        transport.handle_request(httpx.Request("GET", f"{base_url}/Patient/1"))
    assert seen == []
