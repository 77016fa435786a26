"""How long `patient-view` takes under load: python -m benchmarks.cds_hooks --data ../shared/data/fhir/synthea_r4.

The whole product runs (web server, Redis, sealer, audit record on), and an EHR calls it with signed requests and a filled
prefetch: an open loop, so that a slow answer does not slow the asking. First the demo EHR's largest patient, then each
bundle in turn. With `--peer PYTHON`, a Python that has HealthChain, its service gets the same bodies in turns.
"""

import argparse
import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).resolve().parent.parent
ISSUER = "https://load.example.org"
SERVICE = "tacit-patient-view"
GOAL_MS = 150.0
SECONDS_TO_START = 120
KINDS = {
    "conditions": "Condition",
    "medications": "MedicationRequest",
    "allergies": "AllergyIntolerance",
}
Body = bytes


def main() -> None:
    """Print the figures as one JSON object."""
    given = _parser().parse_args()
    key = ec.generate_private_key(ec.SECP384R1())
    with (
        tempfile.TemporaryDirectory(prefix="tacit-load-") as home,
        key_set(key) as jku,
        product(Path(home), jku) as url,
    ):
        bodies = {"largest demo patient": [demo_body(Path(home), url)]}
        if given.data:
            bodies["synthea_r4"] = [
                body_of(json.loads(gzip.decompress(file.read_bytes()))) for file in _files(given.data)
            ]
        address = f"{url}/cds-services/{SERVICE}"
        figures: dict[str, Any] = {"rate": given.rate, "seconds": given.seconds, "goal_p95_ms": GOAL_MS}
        with peer(given.peer) as other:
            for name, own in bodies.items():
                figures[name] = measured(own, given, ours=address, key=key, other=other)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


def measured(
    bodies: Sequence[Body],
    given: argparse.Namespace,
    *,
    ours: str,
    key: ec.EllipticCurvePrivateKey,
    other: str,
) -> dict[str, Any]:
    """Return p50, p95 and worst of ours, and of the peer where there is one."""

    def signed() -> dict[str, str]:
        return {"Authorization": f"Bearer {_token(key, ours)}"}

    asyncio.run(load(ours, bodies, signed, rate=given.rate, seconds=3))  # caches fill once
    found: dict[str, Any] = {"bodies": len(bodies), "largest_bytes": max(map(len, bodies))}
    found["tacit"] = summary(asyncio.run(load(ours, bodies, signed, rate=given.rate, seconds=given.seconds)))
    if other:
        found["healthchain"] = summary(
            asyncio.run(load(other, bodies, dict, rate=given.rate, seconds=given.seconds))
        )
        found["ratio_p50"] = round(found["tacit"]["p50_ms"] / found["healthchain"]["p50_ms"], 2)
    return found


async def load(
    url: str, bodies: Sequence[Body], headers: Callable[[], Mapping[str, str]], *, rate: float, seconds: float
) -> list[float]:
    """Return the milliseconds of each call; an answer that is not 200 is infinite."""
    number = int(rate * seconds)
    async with httpx.AsyncClient(
        timeout=30, trust_env=False, limits=httpx.Limits(max_connections=64)
    ) as client:
        begun = time.perf_counter()

        async def one(place: int) -> float:
            await asyncio.sleep(max(0.0, begun + place / rate - time.perf_counter()))
            sent = {"Content-Type": "application/json", **headers()}
            at = time.perf_counter()
            response = await client.post(url, content=bodies[place % len(bodies)], headers=sent)
            return 1000 * (time.perf_counter() - at) if response.status_code == 200 else float("inf")

        return await asyncio.gather(*(one(place) for place in range(number)))


def summary(times: Sequence[float]) -> dict[str, float]:
    """Return the figures of one run."""
    ordered = sorted(times)
    return {
        "calls": len(ordered),
        "failed": sum(each == float("inf") for each in ordered),
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "worst_ms": round(ordered[-1], 1),
    }


def body_of(bundle: Mapping[str, Any]) -> Body:
    """Return a call about a whole patient, with its record as the prefetch that our templates ask for."""
    resources = [entry["resource"] for entry in bundle["entry"]]
    (person,) = [each for each in resources if each["resourceType"] == "Patient"]
    prefetch: dict[str, Any] = {"patient": person}
    for name, kind in KINDS.items():
        prefetch[name] = _page([each for each in resources if each["resourceType"] == kind])
    observed = [each for each in resources if each["resourceType"] == "Observation"]
    prefetch["laboratory"] = _page([each for each in observed if _category(each) == "laboratory"])
    prefetch |= {"pregnancy": _page([]), "pregnancy-2": _page([])}
    return _call(person["id"], prefetch)


def demo_body(home: Path, url: str) -> Body:
    """Return a call about the demo patient with the most results."""
    origin = f"http://127.0.0.1:{_ports(home)[1]}/fhir"
    with httpx.Client(trust_env=False) as client:
        ids = [each["resource"]["id"] for each in client.get(f"{origin}/Patient?_count=50").json()["entry"]]
        sizes = {
            one: client.get(f"{origin}/Observation?patient={one}&_count=0").json()["total"] for one in ids
        }
        largest = max(sizes, key=lambda one: sizes[one])
        pages = {
            name: client.get(f"{origin}/{kind}?patient={largest}&_count=100").json()
            for name, kind in KINDS.items()
        }
        laboratory = client.get(
            f"{origin}/Observation?patient={largest}&category=laboratory&_count=100"
        ).json()
        person = client.get(f"{origin}/Patient/{largest}").json()
    return _call(
        largest,
        {
            "patient": person,
            **pages,
            "laboratory": laboratory,
            "pregnancy": _page([]),
            "pregnancy-2": _page([]),
        },
    )


def _call(patient: str, prefetch: Mapping[str, Any]) -> Body:
    request = {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "context": {"userId": "Practitioner/load", "patientId": patient},
        "prefetch": prefetch,
    }
    return json.dumps(request).encode()


def _page(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": each} for each in resources],
    }


def _category(observation: Mapping[str, Any]) -> str:
    codings = [
        coding for category in observation.get("category", []) for coding in category.get("coding", [])
    ]
    return str(codings[0].get("code")) if codings else ""


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json.gz"))


def _token(key: ec.EllipticCurvePrivateKey, audience: str) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": audience, "iat": now, "exp": now + 240, "jti": str(uuid.uuid4())}
    return jwt.encode(claims, key, algorithm="ES384", headers={"kid": "load", "typ": "JWT"})


@contextmanager
def key_set(key: ec.EllipticCurvePrivateKey) -> Iterator[str]:
    """Serve the EHR's public key."""
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    body = json.dumps({"keys": [{**jwk, "kid": "load", "alg": "ES384", "use": "sig"}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/jwks"
    server.shutdown()


@contextmanager
def product(home: Path, jku: str) -> Iterator[str]:
    """Run the whole product in a folder of its own, with the EHR registered."""
    (home / "state").mkdir()
    (home / "state" / "ehrs.toml").write_text(
        f'[load]\nfhir_base_url = "https://load.example.org/fhir"\ncds_issuer = "{ISSUER}"\ncds_jku = "{jku}"\nis_internal = true\n'
    )
    web, sandbox = _ports(home)
    environment = {
        **os.environ,
        "TACIT_HOME": str(home / "state"),
        "TACIT_PORT": str(web),
        "TACIT_SANDBOX_PORT": str(sandbox),
    }
    with (home / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    give_up_at = time.monotonic() + SECONDS_TO_START
    while "Stop with Ctrl-C" not in (home / "output.txt").read_text():
        if process.poll() is not None or time.monotonic() > give_up_at:
            process.kill()
            sys.exit((home / "output.txt").read_text())
        time.sleep(0.2)
    yield f"http://127.0.0.1:{web}"
    process.send_signal(signal.SIGINT)
    process.wait(30)


def _ports(home: Path) -> tuple[int, int]:
    """Return two ports that a run keeps: drawn from the folder's name, so that every part of it knows them."""
    first = 20_000 + sum(map(ord, home.name)) * 37 % 20_000
    return first, first + 1


@contextmanager
def peer(python: Path | None) -> Iterator[str]:
    """Run HealthChain's service, where a Python that has it is named; give its address, else nothing."""
    if python is None:
        yield ""
        return
    port = 41_873
    process = subprocess.Popen(  # noqa: S603
        [str(python), str(ROOT / "benchmarks" / "cds_hooks_peer.py"), str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/cds/cds-services/peer"
    for _ in range(100):
        try:
            httpx.get(url)
            break
        except httpx.HTTPError:
            time.sleep(0.2)
    yield url
    process.terminate()
    process.wait(10)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cds_hooks", description="patient-view under load."
    )
    parser.add_argument("--data", type=Path, help="folder with bundles of whole patients (*.json.gz)")
    parser.add_argument(
        "--peer", type=Path, metavar="PYTHON", help="a Python with HealthChain, for the ratio"
    )
    parser.add_argument("--rate", type=float, default=20.0, help="calls a second (%(default)s)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long (%(default)s)")
    return parser


if __name__ == "__main__":
    main()
