"""Read filled-in forms from a server of KoBoToolbox (API v2) or ODK Central (OData), page by page.

Only addresses below the connection's own origin are ever opened: what a server's answer says of other addresses is a
claim. Nothing is followed to another place, no proxy of the environment is used, and answers have a largest size.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from app.i18n.marks import N_
from geodata.readers.submissions import load_json, read_json
from geodata.records.submission import Delivery
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geodata.records.submission import RawSubmission

HERE = ("127.0.0.1", "localhost", "::1")
SECONDS = 60
LARGEST_PAGE = 200_000_000
MOST_PAGES = 2_000
KOBO_PAGE, ODK_PAGE = 1_000, 250
FORMS = {
    "kobo": re.compile(r"^[A-Za-z0-9]{6,40}$"),
    "odk": re.compile(r"^[0-9]{1,9}/[A-Za-z0-9_.~-]{1,100}$"),
}
"""How a form is named: the asset's uid, or project and form id."""

NO_ANSWER = N_("The server does not answer. Nothing was taken in.")
STATUS = N_("The server refused with status %(status)s. Nothing was taken in.")
MOVED = N_("The server sends to another address, which is not followed. Nothing was taken in.")
TOO_LARGE = N_("An answer of the server is too large. Nothing was taken in.")
ENDLESS = N_("The pages of the server do not end. Nothing was taken in.")


class ServerError(Exception):
    """The server could not be read: a msgid and its parameters."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class AddressRefusedError(Exception):
    """An address that no connection may have."""


@dataclass(frozen=True, slots=True)
class FormServer:
    """A form on a server; ``secret`` is KoBoToolbox's token, or ``address:password`` of an ODK account."""

    kind: str
    origin: str
    form: str
    secret: str

    @property
    def first_page(self) -> str:
        """Return the address of the first page."""
        if self.kind == "kobo":
            return f"{self.origin}/api/v2/assets/{self.form}/data.json?limit={KOBO_PAGE}&start=0"
        project, form = self.form.split("/")
        return (
            f"{self.origin}/v1/projects/{project}/forms/{quote(form, safe='')}.svc/Submissions"
            f"?%24top={ODK_PAGE}&%24skip=0&%24count=true&%24expand=%2A"
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what names us to the server."""
        if self.kind == "kobo":
            return {"Authorization": f"Token {self.secret}", "Accept": "application/json"}
        basic = base64.b64encode(self.secret.encode()).decode()
        return {"Authorization": f"Basic {basic}", "Accept": "application/json"}


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_OPENER = build_opener(ProxyHandler({}), _NoRedirect)


def checked_origin(address: str) -> str:
    """Return scheme, host and port of an address that somebody typed.

    Raises:
        AddressRefusedError: It is not https (http only on this machine), names an account, or is no address.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefusedError(address) from error
    if not address.strip().isprintable() or " " in address.strip():
        raise AddressRefusedError(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in HERE)
    if not is_safe or not host or parts.username or parts.password or not re.fullmatch(r"[a-z0-9.:-]+", host):
        raise AddressRefusedError(address)
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}"


def is_form(kind: str, form: str) -> bool:
    """Tell whether ``form`` names a form as servers of this kind do."""
    return kind in FORMS and bool(FORMS[kind].fullmatch(form))


def read_server(server: FormServer, report: Callable[[int], None] | None = None) -> Delivery:
    """Return all forms of the server.

    Raises:
        ServerError: It does not answer, answers with an error, or its pages do not end.
        FileRefusedError: A page is no list of forms.
    """
    found: list[RawSubmission] = []
    problems: list[RowProblem] = []
    address: str | None = server.first_page
    seen: set[str] = set()
    while address is not None:
        if address in seen or len(seen) >= MOST_PAGES:
            raise ServerError(ENDLESS)
        seen.add(address)
        content = fetch(server, address)
        page = read_json(content, len(found) + 1)
        found += page.submissions
        address = _following(server, content, address, problems)
        if report:
            report(len(found))
    for one in found:
        problems += _elsewhere(server, one)
    return Delivery(found, problems)


def _following(server: FormServer, content: bytes, address: str, problems: list[RowProblem]) -> str | None:
    page = load_json(content)
    named = page.get("next") or page.get("@odata.nextLink") if isinstance(page, dict) else None
    if not isinstance(named, str) or not named:
        return None
    following = urljoin(address, named)
    if not is_own(server, following):
        problems.append(RowProblem(None, "next", named[:200], "page_elsewhere"))
        return None
    return following


def is_own(server: FormServer, address: str) -> bool:
    """Tell whether an address lies on the connection's own server."""
    try:
        return checked_origin(address) == server.origin
    except AddressRefusedError:
        return False


def _elsewhere(server: FormServer, one: RawSubmission) -> list[RowProblem]:
    return [
        RowProblem(one.row, file.question or "_attachments", file.address[:200], "photo_elsewhere", "warning")
        for file in one.attachments
        if file.address is not None and not is_own(server, file.address)
    ]


def fetch(server: FormServer, address: str, largest: int = LARGEST_PAGE) -> bytes:
    """Return what lies at an address of the connection's own server.

    Raises:
        ServerError: See ``read_server``; also when the address is another server's.
    """
    if not is_own(server, address):
        raise ServerError(MOVED)
    request = Request(address, headers=dict(server.headers))  # noqa: S310  the origin was checked
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            content: bytes = answer.read(largest + 1)
            is_cut = bool(answer.length) and len(content) <= largest
    except HTTPError as error:
        raise ServerError(MOVED if 300 <= error.code < 400 else STATUS, status=error.code) from error
    except (URLError, OSError, HTTPException, ValueError) as error:
        raise ServerError(NO_ANSWER) from error
    if is_cut:
        raise ServerError(NO_ANSWER)
    if len(content) > largest:
        raise ServerError(TOO_LARGE)
    return content
