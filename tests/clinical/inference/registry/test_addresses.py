"""Where a model may come from."""

import pytest

from clinical.inference.registry.download.addresses import address_of, check_redirect, file_name_of, shown
from clinical.inference.registry.errors import AddressRefused

HUB = "https://hub.example/"


def test_a_hub_file_becomes_the_hubs_address():
    assert (
        address_of("owner/name-GGUF/sub/model.Q4_K_M.gguf", hub=HUB)
        == "https://hub.example/owner/name-GGUF/resolve/main/sub/model.Q4_K_M.gguf"
    )


def test_an_https_address_stays_as_it_is():
    assert address_of("https://m.example/a.gguf?x=1", hub=HUB) == "https://m.example/a.gguf?x=1"
    assert address_of("http://127.0.0.1:8/a.gguf", hub=HUB) == "http://127.0.0.1:8/a.gguf"
    assert address_of("http://[::1]:8/a.gguf", hub=HUB) == "http://[::1]:8/a.gguf"


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "model.gguf",
        "owner/model.gguf",
        "owner/name/model.bin",
        "owner/name/../../x.gguf",
        "../name/file/x.gguf",
        "http://m.example/a.gguf",
        "http://127.0.0.1.example/a.gguf",
        "ftp://m.example/a.gguf",
        "file:///a.gguf",
        "https:///a.gguf",
        "https://user:secret@m.example/a.gguf",
        "https://m.example:99999/a.gguf",
        "https://[::1/a.gguf",
    ],
)
def test_anything_else_is_refused(reference):
    with pytest.raises(AddressRefused) as caught:
        address_of(reference, hub=HUB)
    assert "secret" not in str(caught.value)


def test_a_hub_that_is_not_https_is_refused():
    with pytest.raises(AddressRefused, match="is not https"):
        address_of("owner/name/a.gguf", hub="http://hub.example")


@pytest.mark.parametrize(
    ("address", "name"),
    [("https://m.example/x/a.Q4_0.gguf?s=1", "a.Q4_0.gguf"), ("https://m.example/a%2Bb.gguf", "a+b.gguf")],
)
def test_the_file_keeps_its_name(address, name):
    assert file_name_of(address) == name


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "/a.bin", "/.gguf", "/%2e%2e%2fa.gguf/", "/a%00.gguf", "/a b.gguf", f"/{'a' * 300}.gguf"],
)
def test_a_name_that_is_no_plain_gguf_is_refused(path):
    with pytest.raises(AddressRefused):
        file_name_of(f"https://m.example{path}")


def test_an_encoded_slash_cannot_leave_the_folder():
    assert file_name_of("https://m.example/..%2F..%2Fa.gguf") == "a.gguf"


def test_a_network_server_may_not_redirect_into_this_machine():
    with pytest.raises(AddressRefused, match="redirects to this machine"):
        check_redirect("https://m.example/a.gguf", "http://127.0.0.1:8000/a.gguf")
    check_redirect("https://m.example/a.gguf", "https://cdn.example/b")
    check_redirect("http://127.0.0.1:1/a.gguf", "http://localhost:2/b")


def test_messages_show_no_secrets():
    assert shown("https://u:p@m.example/a.gguf?token=t#f") == "https://m.example/a.gguf"
