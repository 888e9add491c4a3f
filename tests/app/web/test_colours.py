"""The tokens: text can be read and marks can be seen, in the light and in the dark."""

import re
from pathlib import Path

import pytest

import app

TOKENS = (Path(app.__file__).parent / "web/static/css/tokens.css").read_text(encoding="utf-8")
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "raised"), ("ink", "sunk"), ("ink", "mark"), ("ink", "accent-tint"),
    ("ink-2", "paper"), ("ink-2", "raised"), ("ink-2", "sunk"), ("ink-2", "accent-tint"), ("accent", "paper"),
    ("accent", "sunk"), ("on-accent", "accent"), ("on-a", "ga"), ("on-b", "gb"), ("on-c", "gc"), ("on-d", "gd"),
    ("on-e", "ge"), ("ge", "paper"),
]  # fmt: skip
MARK_PAIRS = [("line-2", "paper"), ("bar", "sunk"), ("gu", "raised"), ("focus", "paper"), ("ga", "raised")]


def palette(is_dark):
    blocks = re.findall(r":root \{(.*?)\}", TOKENS, re.DOTALL)
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", blocks[0]))
    if is_dark:
        colours |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", blocks[1]))
    return colours


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_reaches_the_contrast_of_wcag(pair, is_dark):
    colours = palette(is_dark)

    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("pair", MARK_PAIRS, ids="-on-".join)
def test_marks_and_borders_are_seen(pair, is_dark):
    colours = palette(is_dark)

    assert contrast(colours[pair[0]], colours[pair[1]]) >= 3.0


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_shading_of_areas_is_ordered_by_lightness(is_dark):
    colours = palette(is_dark)
    steps = [luminance(colours[f"m{number}"]) for number in range(1, 6)]

    assert steps == sorted(steps, reverse=not is_dark)
