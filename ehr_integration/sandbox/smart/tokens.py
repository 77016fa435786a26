"""The token endpoint: codes, refresh tokens and backend services become access tokens.

Source: RFC 6749, RFC 7636, RFC 9700 (refresh tokens rotate); SMART App Launch 2.2.0.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any

from ehr_integration.sandbox.smart.clients import Client
from ehr_integration.sandbox.smart.errors import OAuthError
from ehr_integration.sandbox.smart.memory import TOKEN_SECONDS, Code, Context, Memory, Token
from ehr_integration.sandbox.smart.scopes import clinical, granted
from ehr_integration.sandbox.smart.signing import EhrKey


class TokenMaker:
    """Makes token responses for one EHR at a FHIR base."""

    def __init__(self, memory: Memory, key: EhrKey) -> None:
        self._memory, self._key = memory, key

    def for_form(
        self, form: Mapping[str, str], client: Client, *, fhir_base: str, issuer: str
    ) -> dict[str, Any]:
        """Return the token response to a form of an authenticated client. Raises: OAuthError."""
        grant = form.get("grant_type")
        if grant == "authorization_code":
            return self._for_code(form, client, fhir_base=fhir_base, issuer=issuer)
        if grant == "refresh_token":
            return self._for_refresh(form, client)
        if grant == "client_credentials" and client.is_backend:
            return self._for_backend(form, client)
        raise OAuthError(
            "unsupported_grant_type", "Use authorization_code, refresh_token or client_credentials."
        )

    def _for_code(
        self, form: Mapping[str, str], client: Client, *, fhir_base: str, issuer: str
    ) -> dict[str, Any]:
        text = form.get("code", "")
        if family := self._memory.used_codes.get(text):
            self._memory.revoke_family(family)  # a stolen code, or a stolen answer: both lose
            raise OAuthError("invalid_grant", "This code was used before; the tokens it gave are revoked.")
        code = self._memory.codes.pop(text, None)
        if code is None or code.ends_at < time.time():
            raise OAuthError("invalid_grant", "No such code, or it has expired.")
        if code.client_id != client.client_id or code.redirect_uri != form.get("redirect_uri"):
            raise OAuthError("invalid_grant", "The code was given to another client or redirect_uri.")
        if not _proves(form.get("code_verifier", ""), code.challenge):
            raise OAuthError("invalid_grant", "code_verifier does not fit the code_challenge.")
        family = self._memory.used_codes[text] = secrets.token_hex(16)
        answer = self._answer(client.client_id, code.scope, code.context, family)
        if "openid" in code.scope.split():
            answer["id_token"] = self._id_token(code, fhir_base=fhir_base, issuer=issuer)
        return answer

    def _for_refresh(self, form: Mapping[str, str], client: Client) -> dict[str, Any]:
        text = form.get("refresh_token", "")
        if family := self._memory.used_refresh.get(text):
            self._memory.revoke_family(family)
            raise OAuthError("invalid_grant", "This refresh token was used before; its tokens are revoked.")
        token = self._memory.refresh.pop(text, None)
        if token is None or token.client_id != client.client_id or token.ends_at < time.time():
            raise OAuthError("invalid_grant", "No such refresh token for this client.")
        asked = form.get("scope") or token.scope
        if set(granted(asked, token.scope).split()) != set(asked.split()):
            raise OAuthError("invalid_scope", "A refresh never gets more than was granted.")
        self._memory.used_refresh[text] = token.family
        return self._answer(client.client_id, asked, token.context, token.family)

    def _for_backend(self, form: Mapping[str, str], client: Client) -> dict[str, Any]:
        scope = granted(form.get("scope", ""), client.scopes)
        if not list(clinical(scope)):
            raise OAuthError("invalid_scope", "None of these scopes may be granted to this client.")
        context = Context(session="", user="")
        token = self._memory.new_access(
            client_id=client.client_id, scope=scope, context=context, family=secrets.token_hex(16)
        )
        return {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_SECONDS, "scope": scope}

    def _answer(self, client_id: str, scope: str, context: Context, family: str) -> dict[str, Any]:
        token = self._memory.new_access(client_id=client_id, scope=scope, context=context, family=family)
        answer: dict[str, Any] = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": scope,
            "need_patient_banner": context.need_patient_banner,
        }
        if context.patient:
            answer["patient"] = context.patient
        if context.encounter:
            answer["encounter"] = context.encounter
            answer["fhirContext"] = [{"reference": f"Encounter/{context.encounter}"}]
        if context.app_context:
            answer["appContext"] = context.app_context
        if {"online_access", "offline_access"} & set(scope.split()):
            answer["refresh_token"] = self._memory.new_refresh(
                Token(client_id=client_id, scope=scope, context=context, family=family, ends_at=0)
            )
        return answer

    def _id_token(self, code: Code, *, fhir_base: str, issuer: str) -> str:
        claims = {"sub": hashlib.sha256(code.context.user.encode()).hexdigest()}
        if code.nonce:
            claims["nonce"] = code.nonce
        if "fhirUser" in code.scope.split():
            claims["fhirUser"] = f"{fhir_base}/Practitioner/{code.context.user}"
        return self._key.sign(claims, issuer=issuer, audience=code.client_id)


def _proves(verifier: str, challenge: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return 43 <= len(verifier) <= 128 and hmac.compare_digest(digest, challenge)
