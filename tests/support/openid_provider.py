"""A small OpenID Connect provider on this machine, with keys of its own; each part of its answers can be made wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENT_ID, CLIENT_SECRET = "mektep-of-tests", "a secret of tests"


class OpenIdProvider:
    """What a provider does: describes itself, signs people in, exchanges codes. ``claims`` replace those of tokens."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.shown_keys = KeySet([self.key])
        self.claims: dict[str, Any] = {}
        self.description: dict[str, Any] = {}
        self.sign = self.sign_well
        self.is_down = False
        self.has_moved = False
        self._codes: dict[str, dict[str, str]] = {}

    def describe(self) -> dict[str, Any]:
        """Return the description."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none"],
            **self.description,
        }

    def sign_in(self, address: str) -> dict[str, str]:
        """Let the person sign in at the address that a browser was sent to; return what it comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"].split() == ["openid"]
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def exchange(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of the token endpoint; a code is good once, with its verifier and our secret."""
        asked = self._codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        is_proven = (
            asked is not None and base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == (asked["code_challenge"])
        )
        wanted = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if asked is None or not is_proven or authorization != wanted or sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "person-1", "nonce": asked["nonce"]}
        claims |= {"iat": now, "exp": now + 300} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims)}

    def sign_well(self, claims: dict[str, Any]) -> str:
        """Sign as promised."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def sign_with_another_key(self, claims: dict[str, Any]) -> str:
        """Sign with a key that is not shown."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))

    def sign_with_the_public_key(self, claims: dict[str, Any]) -> str:
        """Use the public key as a shared secret: the mix-up of algorithms."""
        return _with_secret({"alg": "HS256", "kid": "one"}, claims, self.key.as_pem(private=False))

    def sign_with_our_secret(self, claims: dict[str, Any]) -> str:
        """Use the secret that both know, which anybody in possession of it could."""
        return _with_secret({"alg": "HS256"}, claims, CLIENT_SECRET.encode())

    def sign_not(self, claims: dict[str, Any]) -> str:
        """Say that there is no signature."""
        return _unsigned({"alg": "none"}, claims) + "."


def _unsigned(*parts: dict[str, Any]) -> str:
    return ".".join(_letters(json.dumps(part).encode()) for part in parts)


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _with_secret(head: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    content = _unsigned(head, claims)
    return f"{content}.{_letters(hmac.digest(secret, content.encode(), 'sha256'))}"


@contextmanager
def running_provider() -> Iterator[OpenIdProvider]:
    """Serve a provider on a free port of this machine until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = "/moved" if provider.has_moved else "/.well-known/openid-configuration"
            answers = {
                here: provider.describe(),
                "/keys": provider.shown_keys.as_dict(private=False),
            }
            found = answers.get(self.path)
            if provider.has_moved and not found:
                self.send_response(302)
                self.send_header("Location", f"{provider.issuer}/moved")
                self.end_headers()
                return
            self._answer(200 if found and not provider.is_down else 500, found or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.exchange(sent, self.headers.get("Authorization", "")))

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = OpenIdProvider(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
