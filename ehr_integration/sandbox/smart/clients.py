"""The apps that the demo EHR knows, and how each proves who it is."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

CHART_SCOPES = (
    "launch launch/patient openid fhirUser online_access patient/*.rs patient/Patient.r user/Practitioner.r"
)


@dataclass(frozen=True, kw_only=True)
class Client:
    """One registered app. One without `jwks_url` is public; `origin` may call us from its pages (CORS)."""

    client_id: str
    name: str
    redirect_uris: tuple[str, ...] = ()
    launch_url: str = ""
    jwks_url: str = ""
    scopes: str = CHART_SCOPES
    is_backend: bool = False
    origin: str = field(default="")


def known_clients(app_url: str, file: Path | None) -> dict[str, Client]:
    """Return Tacit's two clients, and those of a TOML file: a table each, named by its client id.

    Raises: OSError, ValueError, TypeError for a file that is not such.
    """
    jwks_url = f"{app_url}/.well-known/jwks.json"
    clients = [
        Client(
            client_id="tacit",
            name="Tacit",
            redirect_uris=(f"{app_url}/smart/callback",),
            launch_url=f"{app_url}/smart/launch",
            jwks_url=jwks_url,
        ),
        Client(
            client_id="tacit-backend",
            name="Tacit (backend)",
            jwks_url=jwks_url,
            scopes="system/*.rs",
            is_backend=True,
        ),
    ]
    for client_id, table in tomllib.loads(file.read_text("utf-8")).items() if file else ():
        table = {**table, "redirect_uris": tuple(table.get("redirect_uris", ()))}
        clients.append(Client(client_id=client_id, **{"name": client_id, **table}))
    return {client.client_id: client for client in clients}
