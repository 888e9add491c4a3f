"""A document as the file that the reader waits for, written beside the cache and gone once it is sent."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app, send_file

from app.exports.exporter import write_file
from app.web.request import current_scope

if TYPE_CHECKING:
    from flask import Response

    from app.exports.document import ListDocument
    from app.exports.exporter import Exporter


def send_document(exporter: Exporter, document: ListDocument, name: str) -> Response:
    """Return the file of ``document``; raises ListTooLongError before anything is written."""
    folder = current_app.extensions["settings"].cache_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = Path(place) / name
        write_file(exporter, document, path)
        size = path.stat().st_size
        file = path.open("rb")  # stays readable until it is sent, whoever removes the folder
    response = send_file(file, mimetype=exporter.mimetype, as_attachment=True, download_name=name, etag=False)
    response.content_length = size
    response.call_on_close(file.close)
    response.headers["Cache-Control"] = "private, no-store" if current_scope() != "public" else "public, max-age=60"
    response.headers["Vary"] = "Accept-Language, Authorization, Cookie"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
