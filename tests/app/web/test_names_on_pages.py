"""A number stays on the line of its sign, on every page that shows a name."""

import pytest
from flask import render_template_string


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("№ 23 Жалпак-Таш орто мектеби", "№\u00a023 Жалпак-Таш орто мектеби"),
        ("Jalpak-Tash secondary school No. 23", "Jalpak-Tash secondary school No.\u00a023"),
        ("№ Жок мектеп", "№ Жок мектеп"),
    ],
)
def test_a_number_stays_with_its_sign(live_app, name, shown):
    with live_app.test_request_context("/ky/"):
        assert render_template_string("{{ record|name }}", record={"name_ky": name}) == shown
