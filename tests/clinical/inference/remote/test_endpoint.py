"""Where a server may be: https, a Unix socket, or this machine."""

import pytest

from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.errors import EndpointInvalid


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://gpu.hospital.example", "https://gpu.hospital.example"),
        ("https://gpu.hospital.example/v1", "https://gpu.hospital.example"),
        ("https://gpu.hospital.example:8443/llm/v1/", "https://gpu.hospital.example:8443/llm"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("unix:///run/vllm.sock", "unix:///run/vllm.sock"),
    ],
)
def test_https_this_machine_and_unix_sockets_are_taken(url: str, shown: str) -> None:
    assert str(Endpoint.parse(url)) == shown


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("http://gpu.hospital.example", "https"),
        ("http://10.0.0.5:8000", "https"),
        ("http://127.0.0.1.example", "https"),
        ("http://localhost.example", "https"),
        ("ftp://gpu.hospital.example", "https://"),
        ("gpu.hospital.example", "https://"),
        ("https://", "https://"),
        ("", "https://"),
        ("https://host:port", "TACIT_ENGINE_URL"),
        ("https://[::1", "TACIT_ENGINE_URL"),
        ("https://host:0", "plain"),
        ("https://name:secret@host", "TACIT_ENGINE_TOKEN"),
        ("https://host/?key=secret", "TACIT_ENGINE_TOKEN"),
        ("unix://run/vllm.sock", "unix:///absolute"),
        ("unix:///run/", "unix:///absolute"),
        ("unix:", "unix:///absolute"),
    ],
)
def test_every_other_address_is_refused_with_the_fix(url: str, fix: str) -> None:
    with pytest.raises(EndpointInvalid) as refused:
        Endpoint.parse(url)
    assert fix in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("token", ["", " ", "two words", "line\nX-Evil: 1", "quote'", "\u00e9"])
def test_a_token_that_is_no_bearer_token_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(EndpointInvalid) as refused:
        Endpoint.parse("https://host", token=token)
    assert "TACIT_ENGINE_TOKEN" in str(refused.value)
    assert len(token) < 3 or token not in str(refused.value)


def test_an_endpoint_does_not_show_its_token() -> None:
    endpoint = Endpoint.parse("https://host", token="sk-very-secret==")
    assert "secret" not in repr(endpoint) + str(endpoint)
