"""TLS, Unix sockets, and what a plain document may be."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from clinical.errors import EngineUnavailable
from clinical.inference.remote import connection
from clinical.inference.remote.endpoint import Tls
from clinical.inference.remote.errors import EndpointInvalid, ServerUnreachable
from tests.certificates import self_signed
from tests.clinical.inference.drafts import bedside
from tests.clinical.inference.remote.loopback import Loopback, Reply, answer, json_reply, loopback
from tests.clinical.inference.remote.writing import engine_on, written


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key, as PEM."""
    return self_signed(tmp_path_factory.mktemp("tls"))


def test_https_is_spoken_to_a_server_whose_authority_is_given(certificate: Path) -> None:
    with loopback(certificate=certificate) as server:
        server.replies = [answer("Yes.")]
        engine = engine_on(server.url, tls=Tls(ca_file=certificate))
        assert written(engine, bedside())[0] == ["Yes."]


def test_a_certificate_of_a_stranger_is_refused_and_nothing_is_sent(certificate: Path) -> None:
    with loopback(certificate=certificate) as server:
        engine = engine_on(server.url)
        with pytest.raises(EngineUnavailable, match="certificate"):
            written(engine, bedside())
        assert server.seen == []


def test_a_certificate_of_another_name_is_refused(certificate: Path) -> None:
    with loopback(certificate=certificate) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        engine = engine_on(url, tls=Tls(ca_file=certificate))
        with pytest.raises(EngineUnavailable, match="certificate"):
            written(engine, bedside())
        assert server.seen == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_file_that_cannot_be_read_is_named(
    tmp_path: Path, certificate: Path, content: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with loopback(certificate=certificate) as server, pytest.raises(EndpointInvalid, match="PEM"):
        written(engine_on(server.url, tls=Tls(ca_file=file)), bedside())


def test_a_client_certificate_is_shown_to_a_server_that_asks_for_one(
    certificate: Path, tmp_path: Path
) -> None:
    secret, _, public = certificate.read_text().partition("-----BEGIN CERTIFICATE-----")
    key_file, certificate_file = tmp_path / "client.key", tmp_path / "client.pem"
    key_file.write_text(secret)
    certificate_file.write_text(f"-----BEGIN CERTIFICATE-----{public}")
    with loopback(certificate=certificate, client_authority=certificate) as server:
        server.replies = [answer("Yes.")]
        for files in (
            Tls(ca_file=certificate, client_certificate=certificate),
            Tls(ca_file=certificate, client_certificate=certificate_file, client_key=key_file),
        ):
            assert written(engine_on(server.url, tls=files), bedside())[0] == ["Yes."]
        seen = len(server.seen)
        with pytest.raises(ServerUnreachable):
            written(engine_on(server.url, tls=Tls(ca_file=certificate)), bedside(deadline_seconds=0.2))
        assert len(server.seen) == seen


def test_a_locked_key_is_an_error_and_asks_nobody_for_its_password(certificate: Path, tmp_path: Path) -> None:
    key = serialization.load_pem_private_key(certificate.read_bytes(), None)
    lock = serialization.BestAvailableEncryption(b"secret")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    key_file = tmp_path / "locked.key"
    key_file.write_bytes(pem)
    files = Tls(ca_file=certificate, client_certificate=certificate, client_key=key_file)
    with loopback(certificate=certificate) as server, pytest.raises(EndpointInvalid, match="password"):
        written(engine_on(server.url, tls=files), bedside())


def test_a_unix_socket_is_spoken_to(tmp_path: Path) -> None:
    with loopback(socket_path=tmp_path / "vllm.sock") as server:
        server.replies = [answer("Yes.")]
        assert written(engine_on(server.url), bedside())[0] == ["Yes."]


def test_a_unix_socket_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    engine = engine_on(f"unix://{tmp_path}/none.sock")
    with pytest.raises(EngineUnavailable, match="none.sock"):
        engine.info()


def test_a_document_without_end_is_refused(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MAX_DOCUMENT_BYTES", 1000)
    server.replies = [json_reply({"data": ["x" * 2000]})]
    with pytest.raises(EngineUnavailable, match="1000 bytes"):
        engine_on(server.url).info()


def test_a_document_of_known_length_is_read_to_its_end(server: Loopback) -> None:
    body = '{"data": [{"id": "med"}]}'
    server.replies = [Reply(200, (body, "beyond the end"), {"Content-Length": str(len(body))})]
    assert engine_on(server.url).info().model_id == "med"


def test_a_document_that_is_cut_off_is_an_error(server: Loopback) -> None:
    server.replies = [Reply(200, ('{"data": [{"id": "med"}]}',), {"Content-Length": "1000"})]
    with pytest.raises(EngineUnavailable, match="lost"):
        engine_on(server.url).info()
