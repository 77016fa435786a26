"""What this side counts of drafts that a remote server writes."""

import time
from collections.abc import Generator
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from clinical.errors import EngineBusy, EngineError, EngineTimeout, EngineUnavailable
from clinical.inference.domain import Draft, EngineInfo, Refusal, Usage
from clinical.inference.remote.counted import CountedEngine
from clinical.inference.remote.errors import ServerRefused
from tests.clinical.inference.drafts import bedside, library
from tests.clinical.inference.remote.writing import written

USAGE = Usage(prompt_tokens=100, written_tokens=21, seconds_to_first_token=0.15, seconds=1.15)
CANARY = "Zebedee Quarrington"


class Scripted:
    """An engine that takes its time, and fails where it is told."""

    def __init__(self, *, failure: EngineError | None = None, seconds: float = 0.0) -> None:
        self.failure = failure
        self.seconds = seconds

    def info(self) -> EngineInfo:
        return EngineInfo(model_id="med", file="", sha256="")

    def write(self, draft: Draft) -> Generator[str, None, Usage]:
        yield "Yes."
        time.sleep(self.seconds)
        if self.failure:
            raise self.failure
        return USAGE


def counted(engine: Scripted, *, hourly_price: float = 0.0) -> CountedEngine:
    return CountedEngine(engine, hourly_price=hourly_price)


def samples(engine: CountedEngine) -> dict[tuple[str, ...], float]:
    """Each sample by its name and its labels' values in order of their names."""
    return {
        (sample.name.removeprefix("tacit_engine_"), *(value for _, value in sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(engine.metrics())
        for sample in family.samples
    }


def test_a_draft_is_passed_on_and_counted() -> None:
    engine = counted(Scripted())
    assert engine.info().model_id == "med"
    assert written(engine, bedside()) == (["Yes."], USAGE)
    found = samples(engine)
    assert found["drafts_total", "bedside", "finished"] == 1
    assert found["tokens_total", "prompt", "bedside", "general"] == 100
    assert found["tokens_total", "written", "bedside", "general"] == 21
    assert found["first_token_seconds_sum", "bedside"] == pytest.approx(0.15)
    assert found["tokens_per_second_sum", "bedside"] == pytest.approx(20)


def test_tokens_are_counted_by_specialty_and_never_by_text() -> None:
    engine = counted(Scripted())
    written(engine, replace(library(), specialty="cardiology"))
    written(engine, replace(library(), specialty=CANARY))
    found = samples(engine)
    assert found["tokens_total", "written", "library", "cardiology"] == 21
    assert found["tokens_total", "written", "library", "other"] == 21
    assert "Quarrington" not in engine.metrics()


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (ServerRefused(Refusal.HOSTILE_TEXT, "a marker"), "hostile-text"),
        (ServerRefused(Refusal.PROMPT_TOO_LONG, "long"), "prompt-too-long"),
        (EngineBusy("busy"), "busy"),
        (EngineTimeout("late"), "timeout"),
        (EngineUnavailable("gone"), "failed"),
    ],
)
def test_what_is_not_written_is_counted_by_its_reason(failure: EngineError, outcome: str) -> None:
    engine = counted(Scripted(failure=failure))
    with pytest.raises(type(failure)):
        written(engine, bedside(CANARY))
    assert samples(engine)["drafts_total", "bedside", outcome] == 1
    assert CANARY not in engine.metrics()


def test_a_draft_that_is_closed_is_counted_as_cancelled() -> None:
    engine = counted(Scripted())
    draft = engine.write(bedside())
    next(draft)
    assert samples(engine)["queue_depth", "bedside"] == 1
    draft.close()
    found = samples(engine)
    assert (found["queue_depth", "bedside"], found["drafts_total", "bedside", "cancelled"]) == (0, 1)
    assert found["tokens_total", "written", "bedside", "general"] == 1


def test_time_at_the_server_has_its_price_once_however_many_drafts_share_it() -> None:
    engine = counted(Scripted(seconds=0.1), hourly_price=36.0)  # 0.01 a second
    drafts = [engine.write(library()) for _ in range(2)]
    started = time.monotonic()
    for draft in drafts:
        next(draft)
    for draft in drafts:
        with pytest.raises(StopIteration):
            next(draft)
    seconds = time.monotonic() - started
    assert samples(engine)["cost_per_1000_tokens",] == pytest.approx(0.01 * seconds / 42 * 1000, rel=0.2)
