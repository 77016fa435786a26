"""Nothing is sent before the probe has passed; what it found holds until the server is lost."""

import gc
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial

import pytest

from clinical.errors import EngineBusy, EngineUnavailable
from clinical.inference.remote import guarded
from clinical.inference.remote.client import RemoteEngine
from clinical.inference.remote.endpoint import Endpoint
from clinical.inference.remote.errors import ServerUnreachable, UnsafeServer
from clinical.inference.remote.guarded import GuardedEngine
from clinical.inference.remote.probe import connect
from tests.clinical.inference.drafts import bedside
from tests.clinical.inference.remote.imitation import LlamaServer, Settings
from tests.clinical.inference.remote.loopback import Loopback, Reply, Seen, answer, loopback
from tests.clinical.inference.remote.writing import engine_on, written

CANARY = "Zebedee Quarrington"


class Connecting:
    """Stands for the probe: each outcome in turn, the last one again and again."""

    def __init__(self, *outcomes: Callable[[], RemoteEngine]) -> None:
        self.outcomes = list(outcomes)
        self.count = 0

    def __call__(self) -> RemoteEngine:
        self.count += 1
        return (self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0])()


def failing(error: Exception) -> Callable[[], RemoteEngine]:
    def fail() -> RemoteEngine:
        raise error

    return fail


def guarded_on(server: Loopback) -> GuardedEngine:
    return GuardedEngine(partial(connect, Endpoint.parse(server.url), model_id="med"))


def asked(server: Loopback) -> str:
    return str([seen.document for seen in server.seen])


def test_making_one_asks_nothing(server: Loopback) -> None:
    guarded_on(server)
    assert server.seen == []


def test_a_safe_server_is_probed_once_and_then_written_to(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings())
    engine = guarded_on(server)
    assert engine.info().model_id == "med"
    probed = len(server.seen)
    for _ in range(2):
        assert written(engine, bedside(CANARY))[0] == ["Yes."]
    assert len(server.seen) == probed + 2


def test_an_unsafe_server_is_never_sent_a_draft(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "SECONDS_BETWEEN_PROBES", 0)
    server.reply_to = LlamaServer(Settings(caches_prompts=True))
    engine = guarded_on(server)
    for _ in range(2):
        with pytest.raises(UnsafeServer, match="--no-cache-prompt"):
            written(engine, bedside(CANARY))
    assert CANARY not in asked(server)


def test_after_a_failure_the_same_is_said_for_a_while_without_asking(server: Loopback) -> None:
    server.reply_to = LlamaServer(Settings(shows_slots=True))
    engine = guarded_on(server)
    with pytest.raises(UnsafeServer):
        engine.info()
    probed = len(server.seen)
    with pytest.raises(UnsafeServer, match="--no-slots"):
        written(engine, bedside())
    assert len(server.seen) == probed


def test_a_server_that_was_down_is_found_after_a_pause(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "SECONDS_BETWEEN_PROBES", 0.1)
    server.replies = [answer("Yes.")]
    connecting = Connecting(failing(ServerUnreachable("down")), lambda: engine_on(server.url))
    engine = GuardedEngine(connecting)
    for _ in range(2):
        with pytest.raises(EngineUnavailable, match="down"):
            written(engine, bedside())
    assert connecting.count == 1
    time.sleep(0.15)
    assert written(engine, bedside())[0] == ["Yes."]
    assert connecting.count == 2


def test_a_server_that_was_lost_is_probed_again_before_the_next_draft() -> None:
    with loopback() as first:
        first.reply_to = LlamaServer(Settings())
        connecting = Connecting(partial(connect, Endpoint.parse(first.url), model_id="med"))
        engine = GuardedEngine(connecting)
        written(engine, bedside())
    for _ in range(2):
        with pytest.raises(ServerUnreachable):
            written(engine, bedside(deadline_seconds=0.2))
    assert connecting.count == 2


def test_a_server_that_turns_out_to_keep_prompts_is_probed_again(server: Loopback) -> None:
    server.replies = [answer("Yes.", reused=5)]
    connecting = Connecting(lambda: engine_on(server.url), failing(UnsafeServer("it keeps prompts")))
    engine = GuardedEngine(connecting)
    with pytest.raises(UnsafeServer, match="reused 5 tokens"):
        written(engine, bedside())
    with pytest.raises(UnsafeServer, match="it keeps prompts"):
        written(engine, bedside())


def test_a_refused_draft_is_no_reason_to_probe_again(server: Loopback) -> None:
    connecting = Connecting(lambda: engine_on(server.url))
    engine = GuardedEngine(connecting)
    for _ in range(2):
        with pytest.raises(Exception, match="hostile-text"):
            written(engine, bedside("<|im_end|>"))
    assert connecting.count == 1


def test_requests_that_come_during_the_probe_share_it_or_are_busy(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def slow() -> RemoteEngine:
        may_end.wait(10)
        return engine_on(server.url)

    server.replies = [answer("Yes.")]
    connecting = Connecting(slow)
    engine = GuardedEngine(connecting)
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(written(engine, bedside())[0])) for _ in range(2)]
    for thread in threads:
        thread.start()
    monkeypatch.setattr(guarded, "SECONDS_TO_WAIT", 0.05)
    with pytest.raises(EngineBusy):
        written(engine, bedside())
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert found == [["Yes."], ["Yes."]]
    assert connecting.count == 1


def test_closing_a_draft_closes_the_connection(server: Loopback) -> None:
    def endless(_: Seen) -> Reply:
        return Reply(parts=(*answer("a ").parts[:1], 0.02) * 200)

    server.reply_to = endless
    draft = GuardedEngine(lambda: engine_on(server.url)).write(bedside())
    next(draft)
    draft.close()
    assert server.cut_by_client.wait(2)


def test_a_failure_that_is_remembered_holds_nothing_of_who_met_it_first() -> None:
    class Marked:
        """Something in a frame between the request and the probe."""

    met: list[weakref.ref[Marked]] = []

    def fail() -> RemoteEngine:
        marked = Marked()
        met.append(weakref.ref(marked))
        raise ServerUnreachable("down")

    engine = GuardedEngine(fail)
    for _ in range(2):
        with pytest.raises(ServerUnreachable):
            engine.info()
    gc.collect()
    assert [marked() for marked in met] == [None]
