"""The committed fonts are what the script makes of the Debian package, and carry their licence."""

import pytest
from fontTools.ttLib import TTFont

from scripts.make_fonts import CUTS, SOURCE, STYLES, make

CASES = [
    pytest.param(cut, style, id=f"{style} for {cut.folder.parent.name}/{cut.folder.name}")
    for cut in CUTS
    for style in STYLES
]


@pytest.mark.parametrize(("cut", "style"), CASES)
def test_the_script_makes_the_committed_bytes(cut, style, tmp_path):
    assert make(cut, style, SOURCE, tmp_path).read_bytes() == cut.path(style).read_bytes()


@pytest.mark.parametrize(("cut", "style"), CASES)
def test_a_font_says_its_maker_and_its_licence(cut, style):
    names = TTFont(cut.path(style))["name"]

    assert "Copyright 2015 Google LLC" in names.getDebugName(0)
    assert "SIL Open Font License, Version 1.1" in names.getDebugName(13)
    assert "SIL OPEN FONT LICENSE" in (cut.folder / "OFL.txt").read_text(encoding="utf-8")
