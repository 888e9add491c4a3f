"""``read-only on|off|status``: let people read the data but change nothing, for maintenance."""

from __future__ import annotations

import click

from app.settings import Settings
from app.workflows import read_only

STATES = {
    None: "The data can be read and changed.",
    "switch": "The data can only be read: the switch is on.",
    "disk": "The data can only be read: less than 5 % of the disk is free.",
}


@click.command()
@click.argument("wanted", type=click.Choice(["on", "off", "status"]))
def command(wanted: str) -> int:
    """Throw the switch, or say how it stands and why."""
    folder = Settings().var_dir
    if wanted != "status":
        read_only.throw(folder, on=wanted == "on")
    click.echo(STATES[read_only.reason(folder)])
    return 0
