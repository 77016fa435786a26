import threading

import pytest

from ehr_integration.replay import Replayed, ReplayStoreUnavailable, claim_once, release
from tests.conftest import free_port


@pytest.mark.usefixtures("redis_server")
def test_of_many_at_once_one_is_the_first():
    outcomes = []

    def claim():
        try:
            claim_once("jti", "the same", seconds=30)
            outcomes.append("first")
        except Replayed:
            outcomes.append("replayed")

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["first"] + ["replayed"] * 7
    claim_once("state", "the same", seconds=30)  # of another kind


def test_without_the_store_nothing_is_accepted(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    with pytest.raises(ReplayStoreUnavailable):
        claim_once("jti", "x", seconds=30)


@pytest.mark.usefixtures("redis_server")
def test_what_was_released_can_be_claimed_again():
    claim_once("refresh", "begun", seconds=30)
    release("refresh", "begun")
    claim_once("refresh", "begun", seconds=30)
    with pytest.raises(Replayed):
        claim_once("refresh", "begun", seconds=30)


def test_to_release_without_the_store_is_no_failure(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    release("refresh", "begun")
