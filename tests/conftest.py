"""The fixed cast, and the engines that tests share: started once, real, and stopped at the end.

alma treats pat `af-ckd` and the demo's other patients; carla treats nobody; ravi reviews literature;
olga is the compliance officer; ada is the administrator.
"""

import socket
from collections.abc import Iterator

import pytest
from django.conf import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from compliance.access.accounts import DEMO_ACCOUNTS
from compliance.access.models import Account, CareRelationship
from config import processes
from ehr_integration.sandbox import patient_ids
from tests.product import CONTENT, MODEL_FILE, Product

PASSWORD = "a password for tests"
WHOLE_PRODUCT = ("tests/browser/", "tests/test_product.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}:
            item.add_marker("database")
    # The longest first: at the end one of two workers would wait for the other.
    items.sort(key=lambda item: not item.nodeid.startswith(WHOLE_PRODUCT))


class ProductOnce(LoadFileScheduling):  # type: ignore[misc]  # xdist is untyped
    """A file's tests go to one worker, and all that need the whole product to one, so that it is started once."""

    def _split_scope(self, nodeid: str) -> str:
        return "product" if nodeid.startswith(WHOLE_PRODUCT) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ProductOnce:
    # Ours is the order of the items.
    config.option.loadscopereorder = False
    return ProductOnce(config, log)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cast(db: None) -> dict[str, Account]:
    """The accounts by name, with PASSWORD, and alma's patients."""
    accounts = {}
    for username, role in DEMO_ACCOUNTS.items():
        accounts[username] = Account.objects.create_user(username, password=PASSWORD, role=role)
    for patient_id in patient_ids():
        CareRelationship.objects.create(clinician=accounts["alma"], patient_id=patient_id)
    return accounts


@pytest.fixture(scope="session")
def redis_server() -> Iterator[None]:
    """A real Redis at settings.REDIS_URL."""
    if not processes.find_redis_binary():
        pytest.skip("there is no redis-server: `make content` unpacks one")
    with processes.running(processes.redis_server()):
        yield


@pytest.fixture(scope="session")
def engine_process() -> Iterator[None]:
    """The real model in its own process at settings.TACIT_ENGINE_SOCKET."""
    if not MODEL_FILE.is_file():
        pytest.skip("there is no model file: `make content` unpacks one")
    with processes.running(processes.engine()):
        yield


@pytest.fixture(scope="session")
def demo_ehr() -> Iterator[None]:
    """The demo EHR in its own process, at settings.FHIR_BASE_URL."""
    previous = settings.SANDBOX_PORT, settings.FHIR_BASE_URL
    settings.SANDBOX_PORT = free_port()
    settings.FHIR_BASE_URL = f"http://127.0.0.1:{settings.SANDBOX_PORT}/fhir"
    with processes.running(processes.sandbox()):
        yield
    settings.SANDBOX_PORT, settings.FHIR_BASE_URL = previous


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product, started as its user starts it."""
    if not (CONTENT / "open_medicine").is_dir():
        pytest.skip("the starter content is not unpacked: `make content`")
    running = Product(port=free_port(), sandbox_port=free_port())
    yield running
    assert running.stop() == 0
