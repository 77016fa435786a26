"""What the authorization server remembers: launches, codes, tokens. In this process's memory, and not for long."""

import secrets
import time
from dataclasses import dataclass, field, replace

LAUNCH_SECONDS, CODE_SECONDS, TOKEN_SECONDS, REFRESH_SECONDS = 300, 60, 300, 12 * 3600


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who launched, about whom: what a launch parameter stands for. `session` is the EHR's own, of that browser."""

    session: str
    user: str
    patient: str = ""
    encounter: str = ""
    app_context: str = ""
    need_patient_banner: bool = True


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code's other side."""

    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    nonce: str
    context: Context
    ends_at: float


@dataclass(frozen=True, kw_only=True)
class Token:
    """An access or refresh token's other side; `family` are all tokens that came of one code."""

    client_id: str
    scope: str
    context: Context
    family: str
    ends_at: float


@dataclass
class Memory:
    """All of it."""

    launches: dict[str, tuple[Context, float]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    used_codes: dict[str, str] = field(default_factory=dict)  # code: the family that it gave
    access: dict[str, Token] = field(default_factory=dict)
    refresh: dict[str, Token] = field(default_factory=dict)
    used_refresh: dict[str, str] = field(default_factory=dict)
    assertion_ids: dict[str, float] = field(default_factory=dict)

    def new_launch(self, context: Context) -> str:
        """Return a launch parameter, good for one launch."""
        launch = secrets.token_urlsafe(24)
        self.launches[launch] = (context, time.time() + LAUNCH_SECONDS)
        return launch

    def take_launch(self, launch: str) -> Context | None:
        """Return what a launch parameter stands for, once."""
        context, ends_at = self.launches.pop(launch, (None, 0.0))
        return context if ends_at > time.time() else None

    def new_code(self, code: Code) -> str:
        """Return a code, good for one exchange within a minute."""
        text = secrets.token_urlsafe(32)
        self.codes[text] = code
        return text

    def new_access(self, *, client_id: str, scope: str, context: Context, family: str) -> str:
        """Return an access token."""
        text = secrets.token_urlsafe(32)
        self.access[text] = Token(
            client_id=client_id,
            scope=scope,
            context=context,
            family=family,
            ends_at=time.time() + TOKEN_SECONDS,
        )
        return text

    def new_refresh(self, token: Token) -> str:
        """Return a refresh token for the same grant."""
        text = secrets.token_urlsafe(32)
        self.refresh[text] = replace(token, ends_at=time.time() + REFRESH_SECONDS)
        return text

    def token(self, text: str) -> Token | None:
        """Return an access token that is still good."""
        token = self.access.get(text)
        return token if token is not None and token.ends_at > time.time() else None

    def revoke_family(self, family: str) -> None:
        """End every token that came of one code."""
        for held in (self.access, self.refresh):
            for text in [text for text, token in held.items() if token.family == family]:
                del held[text]

    def claim_assertion(self, issuer: str, assertion_id: str, ends_at: float) -> bool:
        """Whether a client assertion's id is seen for the first time."""
        now = time.time()
        for known in [known for known, end in self.assertion_ids.items() if end < now]:
            del self.assertion_ids[known]
        key = f"{issuer} {assertion_id}"
        is_new = key not in self.assertion_ids
        self.assertion_ids.setdefault(key, ends_at)
        return is_new
