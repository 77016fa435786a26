"""Accounts: made once, passwords shown once, every sign-in recorded."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from audit.services import recorded_since
from compliance.access.accounts import DEMO_ACCOUNTS, ensure_demo_accounts, give_demo_passwords
from compliance.access.models import Account
from tests.conftest import PASSWORD

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_demo_passwords_are_random_given_once_and_work() -> None:
    ensure_demo_accounts(["af-ckd"])
    given = give_demo_passwords()
    assert {each.username: each.role for each in given} == DEMO_ACCOUNTS
    assert len({each.password for each in given}) == len(given)
    assert all(Account.objects.get(username=each.username).check_password(each.password) for each in given)
    ensure_demo_accounts(["af-ckd"])
    assert give_demo_passwords() == []


@pytest.mark.django_db
def test_an_account_that_only_a_command_has_used_has_no_password_yet() -> None:
    ensure_demo_accounts([])
    assert not Account.objects.get(username="alma").has_usable_password()


@pytest.mark.django_db
def test_renewed_passwords_replace_the_old_ones() -> None:
    ensure_demo_accounts([])
    [old, *_] = give_demo_passwords()
    [new, *_] = give_demo_passwords(renew=True)
    account = Account.objects.get(username=old.username)
    assert account.check_password(new.password)
    assert not account.check_password(old.password)


def test_sign_in_and_failure_are_recorded_but_never_a_mistyped_name(cast: dict[str, Account]) -> None:
    client = Client()
    assert client.login(username="alma", password=PASSWORD)
    assert not client.login(username="alma", password="wrong")
    assert not client.login(username="my secret password", password="")
    events = [(row.event.actor, row.event.action, row.event.outcome.value) for row in recorded_since(EPOCH)]
    assert events == [
        ("alma", "sign-in", "success"),
        ("alma", "sign-in", "denied"),
        ("unknown", "sign-in", "denied"),
    ]
