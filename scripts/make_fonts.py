"""Make our fonts: Noto Sans cut down for the pages (woff2) and for PDF files (TrueType).

For developers, once: ``python -m scripts.make_fonts [FOLDER]`` reads the Debian package
``fonts-noto-core`` (SIL Open Font License 1.1) and writes ``app/web/static/fonts`` and
``app/exports/fonts``: the same bytes on every machine, a test makes them again. fontTools and brotli are
needed; the application itself needs neither.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.exports import typeset

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/fonts/truetype/noto")
STYLES = ("Regular", "Bold")

LETTERS = (
    range(0x20, 0x7F),
    range(0xA0, 0x100),
    range(0x410, 0x450),
    [ord(letter) for letter in "ЁёҢңӨөҮү№–—‘’“”„…‹›•‰−≤≥≈·×→←↑↓₂ЂıÖö"],
)
"""ASCII, Latin-1, Russian, the Kyrgyz letters, and the signs that our pages use; what Noto lacks is left out."""


@dataclass(frozen=True)
class Cut:
    """One way to cut a style down: where it goes, what stays in it. ``flavor`` None is plain TrueType."""

    folder: Path
    suffix: str
    flavor: str | None
    letters: Iterable[int]
    features: tuple[str, ...]
    names: tuple[int, ...]

    def path(self, style: str, folder: Path | None = None) -> Path:
        """Return the path of the file of ``style``, in ``folder`` instead of its own when one is given."""
        return (folder or self.folder) / f"NotoSans-{style}{self.suffix}"


PAGES = Cut(
    ROOT / "app/web/static/fonts",
    ".subset.woff2",
    "woff2",
    frozenset(code for group in LETTERS for code in group),
    ("kern", "mark", "tnum", "locl", "ccmp"),
    (0, 1, 2, 13, 14),
)
PRINT = Cut(
    typeset.FONTS,
    ".ttf",
    None,
    frozenset(map(ord, typeset.LETTERS)),
    ("kern", "mark", "mkmk", "locl", "ccmp"),
    (0, 1, 2, 3, 4, 5, 6, 13, 14),
)
CUTS = (PAGES, PRINT)


def make(cut: Cut, style: str, source: Path, folder: Path | None = None) -> Path:
    """Write one font and return its path. Raises FileNotFoundError without the package."""
    from fontTools import subset as cutter

    options = cutter.Options()
    options.flavor = cut.flavor
    options.hinting = False
    options.layout_features = list(cut.features)
    options.name_IDs = list(cut.names)
    font = cutter.load_font(str(source / f"NotoSans-{style}.ttf"), options)
    worker = cutter.Subsetter(options)
    worker.populate(unicodes=cut.letters)
    worker.subset(font)
    path = cut.path(style, folder)
    cutter.save_font(font, str(path), options)
    return path


def main(arguments: list[str]) -> int:
    """Make both styles for pages and print, and tell their sizes."""
    source = Path(arguments[0]) if arguments else SOURCE
    for cut in CUTS:
        cut.folder.mkdir(parents=True, exist_ok=True)
        for style in STYLES:
            path = make(cut, style, source)
            print(f"{path.name}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
