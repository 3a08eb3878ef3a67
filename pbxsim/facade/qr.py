"""Pictures of texts that a telephone reads."""

from __future__ import annotations


def qr_code(text: str) -> str:
    """A text as a QR code: an SVG document, which a page may show or hold."""
    from io import BytesIO

    import segno  # 20 ms, and few worlds draw

    drawing = BytesIO()
    made = segno.make(text, error="m", boost_error=False, micro=False)
    made.save(drawing, kind="svg", scale=4, light="white", xmldecl=False, nl=False)
    return drawing.getvalue().decode()
