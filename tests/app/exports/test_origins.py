"""Where the data come from: in the reader's language, one line an origin."""

import tomllib
from pathlib import Path

import pytest

import layers
from app.exports.origins import origin_lines
from app.i18n.catalogue import translator
from geodata.demonstration import aimaks
from geodata.records.list_file import ListSource

INVENTED = "Invented; shaped by the GEBCO_2023 Grid (public domain)"


def stated_in_the_catalogue():
    folder = Path(layers.__file__).resolve().parent / "catalogue"
    sources = [tomllib.loads(path.read_text(encoding="utf-8")).get("source", {}) for path in folder.glob("*.toml")]
    return {source[key] for source in sources for key in ("attribution", "publisher") if source.get(key)}


def test_layers_of_one_origin_share_a_line_and_a_nameless_one_is_left_out():
    sources = [
        ListSource("boundaries", "", aimaks.SOURCE, "CC-BY-4.0"),
        ListSource("hazard", "Avalanche zones (synthetic)", INVENTED, "CC-BY-4.0", 1),
        ListSource("hazard", "A layer of nobody", "", "CC-BY-4.0", 1),
        ListSource("hazard", "Somebody's own layer", INVENTED, "CC-BY-4.0", 1),
    ]

    lines = origin_lines(sources, translator("ky"))

    assert lines == [
        "Аймактардын чектери: көрсөтмө маалымат (үлгү)",
        "Кар көчкү зоналары (үлгү), Somebody's own layer: "
        "Ойдон чыгарылган; жер бети GEBCO_2023 Grid боюнча (коомдук менчик)",
    ]


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_every_origin_that_our_catalogue_states_is_translated(language):
    say = translator(language)

    assert len(stated_in_the_catalogue()) > 10
    assert [text for text in stated_in_the_catalogue() if say(text) == text] == []
