"""Make the two web fonts: Noto Sans cut down to the letters of Kyrgyz, Russian and English.

For developers, once: ``python -m scripts.make_fonts [FOLDER]`` reads the Debian package
``fonts-noto-core`` (SIL Open Font License 1.1) and writes ``app/web/static/fonts``. fontTools and
brotli are needed; the application itself needs neither.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("/usr/share/fonts/truetype/noto")
TARGET = ROOT / "app/web/static/fonts"
STYLES = ("Regular", "Bold")

LETTERS = (
    range(0x20, 0x7F),
    range(0xA0, 0x100),
    range(0x410, 0x450),
    [ord(letter) for letter in "ЁёҢңӨөҮү№–—‘’“”„…‹›•‰−≤≥≈·×→←↑↓₂ЂıÖö"],
)
"""ASCII, Latin-1, Russian, the Kyrgyz letters, and the signs that our pages use; what Noto lacks is left out."""


def subset(style: str, source: Path, target: Path) -> Path:
    """Write ``NotoSans-<style>.subset.woff2`` and return its path. Raises FileNotFoundError without the package."""
    from fontTools import subset as cutter

    options = cutter.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["kern", "mark", "tnum", "locl", "ccmp"]
    options.name_IDs = [0, 1, 2, 13, 14]
    font = cutter.load_font(str(source / f"NotoSans-{style}.ttf"), options)
    worker = cutter.Subsetter(options)
    worker.populate(unicodes={code for group in LETTERS for code in group})
    worker.subset(font)
    path = target / f"NotoSans-{style}.subset.woff2"
    cutter.save_font(font, str(path), options)
    return path


def main(arguments: list[str]) -> int:
    """Make both styles and print their sizes."""
    source = Path(arguments[0]) if arguments else SOURCE
    TARGET.mkdir(parents=True, exist_ok=True)
    for style in STYLES:
        path = subset(style, source, TARGET)
        print(f"{path.name}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
