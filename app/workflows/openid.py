"""Signing in at an OpenID Connect provider: code flow with PKCE, state and nonce; who comes back must be bound here.

Nobody gets an account by signing in there: an administrator binds the provider's unchanging name of a person (the
subject) to an account. Addresses of the provider come from its own description and must be HTTPS, or on this machine.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.workflows.account_errors import AccountsError, NoSuchAccountError
from app.workflows.account_sessions import act_for
from geodata.database import ACCOUNT_KEY
from geodata.queries import accounts, audit, identities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.models.account import Account

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures that are taken: with a private key of the provider, never ``none``, never with a shared secret."""

SCOPE = "openid"
WAIT_S = 10
MINUTES = 10
LEEWAY_S = 60
LONGEST = 2_000
HERE = ("localhost", "127.0.0.1", "::1")


class OpenIdError(AccountsError):
    """Base of every error of signing in at a provider."""


class ProviderLostError(OpenIdError):
    """The provider does not answer, or its description is not one."""


class SignInRefusedError(OpenIdError):
    """What came back is not an answer to what was asked, or its token does not hold."""


class NotBoundError(OpenIdError):
    """The person is known to the provider, but no active account here is bound to them."""

    def __init__(self, subject: str) -> None:
        super().__init__("no account is bound")
        self.subject = subject


class IdentityTakenError(OpenIdError):
    """The subject is bound to another account."""


@dataclass(frozen=True)
class Provider:
    """The provider and what we are called there."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Asked:
    """What the browser's session keeps until the person comes back: once, and for ten minutes."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    wanted: str
    language: str
    at: int

    @classmethod
    def from_kept(cls, kept: Any) -> Asked:
        """Return what was kept; raises ``SignInRefusedError`` when there is nothing, or when it is too old."""
        try:
            asked = cls(**kept)
        except TypeError as error:
            raise SignInRefusedError("nothing was asked in this browser") from error
        if not 0 <= time.time() - asked.at <= 60 * MINUTES:
            raise SignInRefusedError("asked too long ago")
        return asked


def begin(provider: Provider, redirect_uri: str, wanted: str, language: str) -> tuple[str, dict[str, Any]]:
    """Return the provider's address to send the browser to, and what its session must keep meanwhile.

    Raises:
        ProviderLostError: The provider does not answer.
    """
    address = _description(provider)["authorization_endpoint"]
    fresh = (secrets.token_urlsafe(32) for _ in range(2))
    asked = Asked(next(fresh), next(fresh), secrets.token_urlsafe(48), redirect_uri, wanted, language, int(time.time()))
    with _client(provider, redirect_uri) as client:
        target, _ = client.create_authorization_url(
            address, state=asked.state, nonce=asked.nonce, code_verifier=asked.verifier
        )
    return str(target), asdict(asked)


def finish(provider: Provider, asked: Asked, came: Mapping[str, str]) -> str:
    """Return the subject that the provider vouches for.

    Args:
        came: Parameters of the address that the browser came back to.

    Raises:
        SignInRefusedError: State, issuer, code or token is not what it must be.
        ProviderLostError: The provider does not answer.
    """
    if not secrets.compare_digest(came.get("state", "").encode(), asked.state.encode()):
        raise SignInRefusedError("another state")
    if came.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise SignInRefusedError("another issuer answers")
    code = came.get("code", "")
    if not code or len(code) > LONGEST or "error" in came:
        raise SignInRefusedError("no code")
    description = _description(provider)
    token = _exchange(provider, asked, description["token_endpoint"], code)
    return _subject(provider, asked, token, _fetch(description["jwks_uri"]))


def find_account(session: Session, provider: Provider, subject: str) -> Account:
    """Return the active account that is bound to a subject; the session acts for it from here on.

    Raises:
        NotBoundError: There is none.
    """
    account_id = identities.account_id_of(session, provider.issuer, subject)
    if account_id is not None:
        act_for(session, account_id)
        account = identities.active_account(session, account_id)
        if account is not None:
            return account
    raise NotBoundError(subject)


def bind(session: Session, name: str, issuer: str, subject: str) -> None:
    """Bind an account to a provider's subject; for administrators and the command line.

    Raises:
        NoSuchAccountError, IdentityTakenError: Nothing was bound.
    """
    account_id = accounts.account_id_of(session, name)
    if account_id is None or not subject.strip():
        raise NoSuchAccountError(name)
    if not identities.bind(session, account_id, issuer, subject.strip(), bound_by=session.info.get(ACCOUNT_KEY)):
        raise IdentityTakenError(name)
    audit.record(session, "account:bound", subject=name.strip().lower(), details={"issuer": issuer})


def unbind(session: Session, name: str, issuer: str) -> None:
    """Take away what an account is bound to at a provider; raises ``NoSuchAccountError`` when there is nothing."""
    account_id = accounts.account_id_of(session, name)
    if account_id is None or not identities.unbind(session, account_id, issuer):
        raise NoSuchAccountError(name)
    audit.record(session, "account:unbound", subject=name.strip().lower(), details={"issuer": issuer})


def _client(provider: Provider, redirect_uri: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
        default_timeout=WAIT_S,
    )


def _description(provider: Provider) -> dict[str, str]:
    """Return the provider's description of itself; raises ``ProviderLostError`` when it speaks for somebody else."""
    found = _fetch(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise ProviderLostError("the description is of another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _check_address(found.get(name))
    return found


def _check_address(address: Any) -> None:
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is None or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)):
        raise ProviderLostError("an address that is not HTTPS")


def _fetch(address: str) -> dict[str, Any]:
    import requests

    _check_address(address)
    try:
        answer = requests.get(address, timeout=WAIT_S, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderLostError(urlsplit(address).path) from error
    if answer.status_code != 200 or not isinstance(found, dict):
        raise ProviderLostError(urlsplit(address).path)
    return found


def _exchange(provider: Provider, asked: Asked, address: str, code: str) -> str:
    import requests
    from authlib.integrations.base_client import OAuthError

    try:
        with _client(provider, asked.redirect_uri) as client:
            token = client.fetch_token(
                address, code=code, code_verifier=asked.verifier, timeout=WAIT_S, allow_redirects=False
            )
    except OAuthError as error:
        raise SignInRefusedError("the code was refused") from error
    except (requests.RequestException, ValueError) as error:
        raise ProviderLostError("token") from error
    found = token.get("id_token")
    if not isinstance(found, str):
        raise SignInRefusedError("no token of identity")
    return found


def _subject(provider: Provider, asked: Asked, token: str, keys: dict[str, Any]) -> str:
    """Return the subject of a token that the provider signed for us, for this sign-in, and that has not ended."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    must = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        nonce={"essential": True, "value": asked.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
        must.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInRefusedError(type(error).__name__) from error
    audience = claims["aud"]
    is_for_others = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if is_for_others else provider.client_id) != provider.client_id:
        raise SignInRefusedError("made for another party")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise SignInRefusedError("no subject")
    return subject
