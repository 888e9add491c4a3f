"""How many short messages a text is; limits of 3GPP TS 23.038 and 23.040: 160/153 septets, 70/67 letters of UCS-2."""

from __future__ import annotations

import pytest

from app.exports.sms import plain_signs, sms_length


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        pytest.param("", "GSM-7", 0, 0, id="nothing"),
        pytest.param("a" * 160, "GSM-7", 160, 1, id="one Latin message"),
        pytest.param("a" * 161, "GSM-7", 161, 2, id="one letter more"),
        pytest.param("a" * 306, "GSM-7", 306, 2, id="two full parts"),
        pytest.param("a" * 307, "GSM-7", 307, 3, id="three parts"),
        pytest.param("€" * 80, "GSM-7", 160, 1, id="signs that are two"),
        pytest.param("a" * 152 + "€" + "a" * 9, "GSM-7", 163, 2, id="a double sign is not split"),
        pytest.param("ө" * 70, "UCS-2", 70, 1, id="one Kyrgyz message"),
        pytest.param("ө" * 71, "UCS-2", 71, 2, id="one Kyrgyz letter more"),
        pytest.param("ж" * 134, "UCS-2", 134, 2, id="two full Cyrillic parts"),
        pytest.param("ж" * 135, "UCS-2", 135, 3, id="three Cyrillic parts"),
        pytest.param("a" * 100 + "ы", "UCS-2", 101, 2, id="one Cyrillic letter makes all UCS-2"),
        pytest.param("ж" * 66 + "😀" + "ж" * 66, "UCS-2", 134, 3, id="a pair is not split"),
    ],
)
def test_lengths(text, encoding, units, segments):
    found = sms_length(text)

    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


def test_odd_spaces_and_dashes_do_not_halve_a_latin_message():
    text = "1\u00a0000 – “x”"

    assert sms_length(text).encoding == "UCS-2"
    assert sms_length(plain_signs(text)).encoding == "GSM-7"
