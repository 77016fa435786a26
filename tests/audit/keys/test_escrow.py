"""Shares of the keyring: any k of n recover it, and whatever else happens is a typed error."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import Share, generate_mnemonics

from audit.keys.errors import (
    DrillFailed,
    EscrowError,
    ShareInvalid,
    SharesMixed,
    SharesTooFew,
    SharingInvalid,
)
from audit.keys.escrow import KeyShare, fingerprint_of, recover_keyring, recovery_drill, split_keyring
from audit.keys.file_keyring import FileKeyring
from audit.keys.keyring import Keyring
from audit.keys.wrapping import KeptKey
from tests.audit.keys import slip39_oracle

KEYRING = Keyring.generate().with_new_version()
SHARES = split_keyring(KEYRING)


def test_any_two_of_three_recover_and_none_alone():
    for pair in itertools.permutations(SHARES, 2):
        assert recover_keyring(pair) == KEYRING
    assert recover_keyring(SHARES) == KEYRING
    for share in SHARES:
        with pytest.raises(SharesTooFew, match="1 of the 2"):
            recover_keyring([share])
        with pytest.raises(SharesTooFew, match="twice"):
            recover_keyring([share, share])
    with pytest.raises(SharesTooFew):
        recover_keyring([])


def test_an_independent_reader_of_the_standard_recovers_the_same_keys():
    for pair in itertools.combinations(SHARES, 2):
        assert slip39_oracle.recover([share.words for share in pair]) == b"".join(KEYRING.keys)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_k_of_n_recover_a_keyring_of_any_length(data):
    threshold = data.draw(st.integers(2, 5))
    count = data.draw(st.integers(threshold, 8))
    keys = data.draw(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3))
    keyring = Keyring(tuple(keys))
    shares = split_keyring(keyring, threshold=threshold, count=count)
    chosen = data.draw(st.permutations(shares))[:threshold]
    assert recover_keyring([KeyShare.from_text(share.text()) for share in chosen]) == keyring
    assert slip39_oracle.recover([share.words for share in chosen]) == b"".join(keys)
    with pytest.raises(SharesTooFew):
        recover_keyring(chosen[:-1])


def test_one_share_says_nothing_of_the_keys():
    """For the words of one share of a known set, every secret is possible: the value is fresh for each split."""
    again = split_keyring(KEYRING)
    assert {share.words for share in again}.isdisjoint(share.words for share in SHARES)
    for share in SHARES:
        assert KEYRING.keys[0].hex() not in share.text()


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (1, 3), (3, 2), (2, 17), (0, 0)])
def test_there_are_no_such_shares(threshold, count):
    with pytest.raises(SharingInvalid):
        split_keyring(KEYRING, threshold=threshold, count=count)


def test_the_printed_text_says_what_the_share_is():
    text = SHARES[1].text()
    assert text.startswith("tacit-key-share/1\nshare: 2 of 3, any 2 recover\nset: ")
    assert f"fingerprint: {fingerprint_of(KEYRING)}\n" in text
    assert KeyShare.from_text(text) == SHARES[1]
    assert KeyShare.from_text("\n" + text.replace("\n", "\r\n  ") + "\n") == SHARES[1]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_mistyped_word_is_found(data):
    words = SHARES[0].words.split()
    at = data.draw(st.integers(0, len(words) - 1))
    words[at] = data.draw(st.sampled_from(slip39_oracle.WORDS).filter(lambda word: word != words[at]))
    with pytest.raises(ShareInvalid, match=r"Share 1 was mistyped"):
        recover_keyring([replace(SHARES[0], words=" ".join(words)), SHARES[1]])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_changed_character_of_the_print_is_found_or_means_the_same(data):
    text = SHARES[0].text()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.characters(codec="ascii")) + text[at + 1 :]
    try:
        share = KeyShare.from_text(changed)
        recovered = recover_keyring([share, SHARES[1]])
    except EscrowError:
        return
    assert (share, recovered) == (SHARES[0], KEYRING)


def test_swapped_and_missing_words_are_found():
    words = SHARES[0].words.split()
    swapped = [*words[:10], words[11], words[10], *words[12:]]
    for wrong in (swapped, words[:-1], words[1:], [*words, words[0]], [], ["tacit"] * len(words)):
        with pytest.raises(ShareInvalid):
            recover_keyring([replace(SHARES[0], words=" ".join(wrong)), SHARES[1]])


@pytest.mark.parametrize(
    "text",
    ["", "tacit-key-share/1", SHARES[0].text()[:-400], SHARES[0].text() * 2, SHARES[0].words, "x" * 500],
)
def test_what_is_no_whole_share_is_told(text):
    with pytest.raises(ShareInvalid):
        KeyShare.from_text(text)


def test_lines_that_do_not_fit_the_words_are_found():
    share = SHARES[0]
    for wrong in (
        replace(share, number=2),
        replace(share, threshold=3),
        replace(share, set_id=share.set_id ^ 1),
    ):
        with pytest.raises(ShareInvalid, match="other lines"):
            recover_keyring([wrong, SHARES[1]])


def test_shares_of_two_sets_are_told_even_where_their_ids_agree():
    other = split_keyring(KEYRING)
    with pytest.raises(SharesMixed):
        recover_keyring([SHARES[0], other[1]])
    foreign = split_keyring(Keyring.generate().with_new_version())
    with pytest.raises(SharesMixed):
        recover_keyring([SHARES[0], SHARES[1], foreign[2]])
    alike = _with_set_id(SHARES[0].set_id)
    for shares in ([SHARES[0], alike[1]], [SHARES[0], SHARES[1], alike[2]]):
        with pytest.raises(SharesMixed):
            recover_keyring(shares)


def _with_set_id(set_id: int) -> list[KeyShare]:
    """Return shares of the same keyring whose set, by chance, has the same id."""
    shares = []
    for share in split_keyring(KEYRING):
        spoken = replace(Share.from_mnemonic(share.words), identifier=set_id)
        shares.append(replace(share, set_id=set_id, words=spoken.mnemonic()))
    return shares


def test_a_fingerprint_that_does_not_fit_is_told():
    wrong = [replace(share, fingerprint="0000-0000-0000-0000") for share in SHARES[:2]]
    with pytest.raises(SharesMixed, match="fingerprint"):
        recover_keyring(wrong)


def test_shares_of_something_else_are_told():
    (mnemonics,) = generate_mnemonics(1, [(2, 3)], bytes(16))
    foreign = [
        replace(share, words=words, set_id=Share.from_mnemonic(words).identifier)
        for share, words in zip(SHARES, mnemonics, strict=True)
    ]
    with pytest.raises(SharesMixed):
        recover_keyring(foreign)


def test_no_words_in_a_repr_or_a_message():
    shown = repr(SHARES[0]) + str(SHARES[0])
    for shares in ([SHARES[0]], [SHARES[0], split_keyring(KEYRING)[1]]):
        with pytest.raises(EscrowError) as caught:
            recover_keyring(shares)
        shown += str(caught.value)
    with pytest.raises(ShareInvalid) as caught:
        KeyShare.from_text(SHARES[0].text().replace(SHARES[0].words.split()[20], "tacit"))
    shown += str(caught.value)
    assert SHARES[0].words.split()[20] not in shown.split()


def test_a_drill_proves_the_shares_and_changes_nothing(tmp_path):
    encryptor = FileKeyring(tmp_path / "keyring.json")
    encryptor.rotate()
    known = KeptKey("data/2026-11-25/1", encryptor.wrap(b"k" * 32, b"context"), b"context")
    shares = split_keyring(encryptor.keyring())
    before = encryptor.path.read_bytes(), encryptor.path.stat().st_mtime_ns
    encryptor.path.rename(tmp_path / "away.json")
    report = recovery_drill([shares[2], shares[0]], known)
    assert [each.name for each in tmp_path.iterdir()] == ["away.json"]
    (tmp_path / "away.json").rename(encryptor.path)
    assert (encryptor.path.read_bytes(), encryptor.path.stat().st_mtime_ns) == before
    assert str(report) == (
        f"Shares 3 and 1 of set {shares[0].set_id:05} recover the keyring {fingerprint_of(encryptor.keyring())}, which opens "
        f"data/2026-11-25/1 (under {encryptor.kek_id}). Nothing was changed."
    )


def test_a_drill_fails_where_the_shares_are_too_old_or_the_key_is_another(tmp_path):
    encryptor = FileKeyring(tmp_path / "keyring.json")
    encryptor.rotate()
    shares = split_keyring(encryptor.keyring())
    encryptor.rotate()
    known = KeptKey("data/2026-11-25/1", encryptor.wrap(b"k" * 32, b"context"), b"context")
    with pytest.raises(DrillFailed, match="make new shares"):
        recovery_drill(shares[:2], known)
    with pytest.raises(DrillFailed):
        recovery_drill(split_keyring(encryptor.keyring())[:2], known._replace(context=b"another"))


def test_a_lost_keyring_comes_back_from_shares(tmp_path):
    encryptor = FileKeyring(tmp_path / "keyring.json")
    wrapped = encryptor.wrap(b"k" * 32, b"context")
    printed = [share.text() for share in split_keyring(encryptor.keyring())]
    encryptor.path.unlink()
    encryptor.restore(recover_keyring([KeyShare.from_text(text) for text in printed[1:]]))
    encryptor.check_holds([wrapped.kek_id])
    assert encryptor.unwrap(wrapped, b"context") == b"k" * 32
