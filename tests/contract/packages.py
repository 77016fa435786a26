"""Fetches the npm packages whose clients the contract tests drive: two tarballs, pinned by their hash, not their trees.

Run by `make contract`. Both ship what they need in one file; their dependencies are for building them.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ATTEMPTS = 3
FOLDER = Path(__file__).resolve().parents[2] / ".venv" / "contract"
# Package and version, and the SHA-512 that the registry gives for it. Both Apache-2.0; for tests only.
PACKAGES = {
    "fhirclient@2.6.3": "CirZixcwWelbkIXxpxlNQx5+ZdJirl6F1s4y4yvA1X7hHAkr9n99aVHaMi0wX+97nATjKQ65X6NB5as/wZoJzg==",
    "@medplum/core@5.2.13": "iAchF30F6z+iyzqxU4cxG26Vf7jluMic1jcgjyOQ/wdCkG8unx2Adn5B3EIs1gumRpXPDkqgofnPo0yheZC5qQ==",
}


def main() -> None:
    """Fetch what is not there yet."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: the contract tests drive clients written in JavaScript (Debian: npm)")
    for package, sha512 in PACKAGES.items():
        if not (FOLDER / _name(package)).is_dir():
            _fetch(npm, package, sha512)


def _fetch(npm: str, package: str, sha512: str) -> None:
    body = _packed(npm, package)
    if base64.b64encode(hashlib.sha512(body).digest()).decode() != sha512:
        sys.exit(f"{package} is not the file that was pinned")
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        archive.extractall(FOLDER / _name(package), filter="data")


def _packed(npm: str, package: str) -> bytes:
    """Return the tarball; a registry that does not answer at once is asked again."""
    for attempt in range(ATTEMPTS):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [npm, "pack", "--silent", package], cwd=folder, check=False, capture_output=True
            )
            files = list(Path(folder).glob("*.tgz"))
            if done.returncode == 0 and files:
                return files[0].read_bytes()
        time.sleep(5 * (attempt + 1))
    sys.exit(f"{package} cannot be fetched: look at npm's registry setting")


def _name(package: str) -> str:
    return package.rpartition("@")[0].replace("/", "-").removeprefix("@")


if __name__ == "__main__":
    main()
