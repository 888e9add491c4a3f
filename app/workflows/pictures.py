"""Judge a photo or document by its content and make the copies that may be shown (no database, no web).

The type is what the bytes are, never what a name says. A picture is measured before it is unpacked: a small file never
becomes gigabytes of memory. Copies are drawn anew: place, device and everything else that a camera writes into a
file stays behind, and so does whatever else a file may hide.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MOST_PIXELS = 50_000_000
LONGEST_SIDE, THUMBNAIL_SIDE = 1_600, 320
QUALITY = 82
LARGEST_PHOTO, LARGEST_DOCUMENT = 12 * 1024 * 1024, 20 * 1024 * 1024
PDF = b"%PDF-"


class PictureError(Exception):
    """A file that is not taken; ``code`` says why: file_missing, file_kind, file_large, picture_flood or -_damaged."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Copy:
    """Bytes under their SHA-256."""

    data: bytes

    @property
    def sha256(self) -> str:
        """The hash that names the file."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that may be kept. A document has no copies: the public does not get it. Sizes are dots, as shown."""

    kind: str
    media_type: str
    original: Copy
    shown: Copy | None = None
    thumbnail: Copy | None = None
    width: int | None = None
    height: int | None = None


def judge(data: bytes) -> Judged:
    """Return what ``data`` is, with its copies; raises ``PictureError``."""
    if not data:
        raise PictureError("file_missing")
    if data.startswith(PDF):
        if len(data) > LARGEST_DOCUMENT:
            raise PictureError("file_large")
        if b"%%EOF" not in data[-2_048:]:
            raise PictureError("file_kind")
        return Judged("document", "application/pdf", Copy(data))
    if len(data) > LARGEST_PHOTO:
        raise PictureError("file_large")
    return _judge_picture(data)


def _judge_picture(data: bytes) -> Judged:
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(data), formats=tuple(FORMATS)) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureError("picture_flood")
            media_type = FORMATS[picture.format or ""]
            picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as error:
        raise PictureError("picture_flood") from error
    except UnidentifiedImageError as error:
        raise PictureError("file_kind") from error
    except (OSError, ValueError, SyntaxError, IndexError, OverflowError) as error:
        raise PictureError("picture_damaged") from error
    shown, thumbnail = _drawn(upright, LONGEST_SIDE), _drawn(upright, THUMBNAIL_SIDE)
    return Judged("photo", media_type, Copy(data), shown[0], thumbnail[0], shown[1], shown[2])


def _drawn(picture: Image.Image, side: int) -> tuple[Copy, int, int]:
    """Return the picture drawn anew with at most ``side`` dots a side, and its width and height."""
    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.frombytes("RGB", small.size, small.tobytes())  # nothing but the dots
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Copy(out.getvalue()), *clean.size
