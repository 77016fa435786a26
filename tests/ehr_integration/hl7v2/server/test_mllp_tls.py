"""MLLP over TLS: with our certificate, and with senders' certificates where these are asked for."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ehr_integration.hl7v2.server.mllp import END, START, MllpServer, server_tls


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """A self-signed certificate and its key, which serve both ends."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "certificate", folder / "key"


async def talk(pem, *, clients, shows_certificate):
    certificate, key = pem
    tls = server_tls(certificate, key, clients=certificate if clients else None)
    client = ssl.create_default_context(cafile=str(certificate))
    if shows_certificate:
        client.load_cert_chain(certificate, key)
    server = await MllpServer(lambda body: body.upper()).start("127.0.0.1", 0, tls=tls)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), ssl=client)
        writer.write(START + b"msh" + END)
        answered = await asyncio.wait_for(reader.readuntil(END), 5)
        writer.close()
    return answered


@pytest.mark.parametrize("clients", [False, True])
def test_a_sender_is_answered_over_tls(pem, clients):
    answered = asyncio.run(talk(pem, clients=clients, shows_certificate=clients))
    assert answered == START + b"MSH" + END


def test_a_sender_without_certificate_is_refused_where_one_is_asked_for(pem):
    with pytest.raises((ssl.SSLError, OSError, asyncio.IncompleteReadError)):
        asyncio.run(talk(pem, clients=True, shows_certificate=False))
