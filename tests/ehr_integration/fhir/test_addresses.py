import socket
from ipaddress import ip_address

import httpcore
import pytest

from ehr_integration.errors import EhrInvalidResponse, EhrUnavailable
from ehr_integration.fhir.addresses import AddressRefused, get_json, is_callable
from ehr_integration.fhir.deadline import Deadline
from tests.ehr_integration.ehr import serving


@pytest.mark.parametrize(
    ("address", "host", "is_internal", "may"),
    [
        ("93.184.216.34", "ehr.example.org", False, True),
        ("10.1.2.3", "ehr.example.org", False, False),
        ("10.1.2.3", "ehr.example.org", True, True),
        ("127.0.0.1", "ehr.example.org", True, False),
        ("127.0.0.1", "127.0.0.1", True, True),
        ("127.0.0.1", "127.0.0.1", False, False),
        ("169.254.169.254", "ehr.example.org", True, False),
        ("fe80::1", "ehr.example.org", True, False),
        ("fd00:ec2::254", "ehr.example.org", True, False),
        ("::ffff:169.254.169.254", "ehr.example.org", True, False),
        ("::ffff:10.0.0.1", "ehr.example.org", False, False),
        ("::ffff:127.0.0.1", "ehr.example.org", True, False),
        ("0.0.0.0", "ehr.example.org", True, False),  # noqa: S104
        ("224.0.0.1", "ehr.example.org", True, False),
    ],
)
def test_which_addresses_may_be_called(address, host, is_internal, may):
    assert is_callable(ip_address(address), host=host, is_internal=is_internal) is may


def fetch(url, *, is_internal=True):
    return get_json(url, is_internal=is_internal, deadline=Deadline.after(5), what="The key set")


def test_a_name_that_turns_to_this_machine_after_its_check_is_asked_once(monkeypatch):
    asked = []

    def rebinding(host, port, *args, **kwargs):
        asked.append(host)
        number = "10.0.0.7" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    connected = []

    def connect(self, host, *args, **kwargs):
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(AddressRefused):
        fetch("https://rebinding.example.org/jwks.json")
    assert (asked, connected) == (["rebinding.example.org"], ["10.0.0.7"])
    with pytest.raises(AddressRefused):
        fetch("https://rebinding.example.org/jwks.json")  # now it names this machine, and nobody connects
    assert connected == ["10.0.0.7"]


def test_an_outside_address_never_leads_to_this_machine():
    with serving(lambda path, query: {}) as ehr, pytest.raises(AddressRefused):
        fetch(f"{ehr.base_url}/jwks.json", is_internal=False)
    assert ehr.requests == []


def test_a_redirect_is_not_followed():
    with serving(lambda path, query: {}) as other:

        def answer(path, query):
            return 302, {"Location": other.base_url}, b""

        with serving(answer) as ehr, pytest.raises(EhrUnavailable):
            fetch(ehr.base_url)
    assert other.requests == []


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"[" * 100_000, b'{"a": "' + b"x" * 1_100_000 + b'"}'])
def test_what_is_no_small_json_object_is_refused(body):
    with serving(lambda path, query: (200, {}, body)) as ehr, pytest.raises(EhrInvalidResponse):
        fetch(ehr.base_url)
