"""A QR code as SVG without any style or address: drawn by our own code from the modules of the symbol."""

from __future__ import annotations

from markupsafe import Markup, escape

QUIET = 4
"""Light modules around the symbol, as its standard wants."""


def qr_svg(text: str, title: str) -> Markup:
    """Return ``text`` as a QR code, dark on light in every colour scheme; ``title`` names it for who cannot see it."""
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    size = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return Markup(  # noqa: S704  numbers of our own and one escaped title
        f'<svg class="qr" role="img" aria-label="{escape(title)}" viewBox="0 0 {size} {size}" '
        'shape-rendering="crispEdges" width="240" height="240">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )
