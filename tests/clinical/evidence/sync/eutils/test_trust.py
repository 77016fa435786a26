"""Whom the client trusts: nobody whose certificate does not prove the name, on loopback neither."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from clinical.evidence.sync.egress import EVERY_RECORD
from clinical.evidence.sync.errors import EutilsUntrusted
from clinical.evidence.sync.eutils.client import Eutils
from tests.clinical.evidence.sync.eutils_server import Server, running_server


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Server]:
    """A server with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "eutils.ncbi.nlm.nih.gov")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "impostor.pem"
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(written + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with running_server() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server


def test_a_certificate_that_nobody_signed_gets_no_query(impostor: Server, eutils: Eutils) -> None:
    address = impostor.address.replace("http://", "https://")
    there = replace(eutils, sender=replace(eutils.sender, address=address))
    with pytest.raises(EutilsUntrusted, match="Nothing was sent"):
        there.search(EVERY_RECORD)
    assert impostor.state.requests == []
