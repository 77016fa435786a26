"""A client of the demo EHR in this process, and its store to compare with."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from starlette.types import ASGIApp

from ehr_integration.sandbox.server import create_app
from ehr_integration.sandbox.store import load_store


class AppClient:
    """Calls an ASGI application without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self.transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        async def call() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://ehr.test") as client:
                return await client.request(method, url, params=params, headers=headers)

        return asyncio.run(call())

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self.request("GET", url, params=params, headers=headers)


@pytest.fixture(scope="session")
def store():
    return load_store()


@pytest.fixture(scope="session")
def client_of():
    """Makes a client of an application."""
    return AppClient


@pytest.fixture(scope="session")
def client(store, client_of):
    return client_of(create_app(store))


@pytest.fixture
def found_ids(client):
    """The ids that a search finds, all pages together, in order."""

    def search(resource_type, **parameters):
        bundle = client.get(f"/fhir/{resource_type}", params={"_count": 100, **parameters}).json()
        ids = [entry["resource"]["id"] for entry in bundle["entry"]]
        while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
            bundle = client.get(following[0]).json()
            ids += [entry["resource"]["id"] for entry in bundle["entry"]]
        assert len(ids) == bundle["total"]
        return ids

    return search
