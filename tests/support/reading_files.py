"""All text of an answer, whatever its form: what a stranger who takes files apart would find in it."""

from __future__ import annotations

import gzip
import io
import subprocess
import zipfile


def all_text(content: bytes) -> str:
    """Return everything readable in ``content``: packed, zipped, printed and columnar files are opened."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if content[:4] == b"PAR1":
        from pyarrow import parquet

        table = parquet.read_table(io.BytesIO(content))
        return f"{table.schema.metadata}\n{table.to_pylist()}"
    if content[:5] == b"%PDF-":
        printed = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        return printed.stdout.decode("utf-8", "replace")
    return content.decode("utf-8", "replace")
