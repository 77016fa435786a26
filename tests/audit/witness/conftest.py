"""A log in a folder, and a witness that has started on it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit.tlog.cosignatures import CosigningKey
from audit.tlog.vkeys import SigningKey
from audit.witness.sources import FolderSource
from audit.witness.state import WitnessState
from audit.witness.witness import Witness
from tests.audit.tlog.logs import MemoryLog, leaves

ORIGIN = "hospital.example/audit"
LOG_KEY = SigningKey.generate(ORIGIN)
WITNESS_KEY = CosigningKey.generate("officer-laptop.hospital.example")


@dataclass
class Watched:
    """A folder that a log publishes to, and the witness that watches it."""

    folder: Path
    witness: Witness
    state_folder: Path

    @property
    def source(self) -> FolderSource:
        return FolderSource(self.folder)

    def publish(self, log: MemoryLog) -> None:
        log.publish(self.folder, LOG_KEY)

    def evidence(self) -> list[Path]:
        return sorted((self.state_folder / "evidence").glob("*"))


def note_of(log: MemoryLog) -> bytes:
    return str(log.signed(LOG_KEY)).encode()


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Nothing is published yet, and the witness has not started."""
    (tmp_path / "log").mkdir()
    state = tmp_path / "state"
    witness = Witness(ORIGIN, [LOG_KEY.verifier], WITNESS_KEY, WitnessState(state))
    return Watched(tmp_path / "log", witness, state)


@pytest.fixture
def started(watched: Watched) -> Watched:
    """The witness has accepted a tree of 300 entries."""
    watched.publish(MemoryLog().append(leaves(300)))
    watched.witness.start(watched.source)
    return watched


@pytest.fixture
def grown() -> Callable[[int], MemoryLog]:
    """The same honest log, at any size."""
    return lambda size: MemoryLog().append(leaves(size))
