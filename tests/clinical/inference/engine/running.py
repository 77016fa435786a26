"""An engine of a test's own: supervisor and engine process, as the product starts them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clinical.errors import EngineError
from clinical.inference.client import EngineClient
from tests.product import CONTENT, ROOT

SECONDS_TO_START = 60


@dataclass
class RunningEngine:
    supervisor: subprocess.Popen[bytes]
    client: EngineClient
    socket_file: Path

    @property
    def pid(self) -> int:
        """The process that holds the model."""
        children = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children").read_text()
        return int(children.split()[0])

    def wait_until_ready(self, seconds: float = SECONDS_TO_START) -> None:
        give_up_at = time.monotonic() + seconds
        while True:
            try:
                self.client.info()
            except EngineError:
                assert time.monotonic() < give_up_at, "the engine does not answer"
                assert self.supervisor.poll() is None, "the engine has ended"
                time.sleep(0.05)
            else:
                return


@contextmanager
def running_engine(folder: Path, *, model: str = "smollm2-135m-instruct") -> Iterator[RunningEngine]:
    socket_file = folder / "engine.sock"
    process = start(socket_file, folder, model=model)
    engine = RunningEngine(process, EngineClient(socket_file), socket_file)
    try:
        engine.wait_until_ready()
        yield engine
    finally:
        process.terminate()
        process.wait(20)


def start(socket_file: Path, folder: Path, *, model: str) -> subprocess.Popen[bytes]:
    with (folder / "engine.log").open("ab") as log:
        return subprocess.Popen(_command(socket_file, folder, model=model), cwd=ROOT, stderr=log)


def _command(socket_file: Path, folder: Path, *, model: str) -> list[str]:
    return [
        *(sys.executable, "-m", "clinical.inference.engine", "--socket", str(socket_file)),
        *("--model", model, "--models", str(folder / "models"), "--content", str(CONTENT)),
        *("--threads", "2"),
    ]
