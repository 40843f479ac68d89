"""QR codes as drawings: dark on light with their quiet zone, each part of a text in the mode that packs it best."""

import segno
from markupsafe import Markup
from segno import consts

_QUIET_ZONE = 4  # modules: ISO/IEC 18004


def take_home(words: str, line: str) -> segno.QRCode:
    """The code of `code_text.signed`: words in UTF-8, then base45 in the mode made for it.

    Error level L (7 %): a screen has no dirt, and the fewer the modules, the farther off it can be read.
    """
    parts = [(words, consts.MODE_BYTE, "utf-8"), (line, consts.MODE_ALPHANUMERIC)]
    return segno.make(parts, error="l", boost_error=False, micro=False)


def link(address: str) -> segno.QRCode:
    """The code of a web address."""
    return segno.make(address, error="m", micro=False)


def drawing(code: segno.QRCode, label: str) -> Markup:
    """Inline SVG without a size of its own, with a label for those who do not see it."""
    svg = code.svg_inline(border=_QUIET_ZONE, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    named = Markup('<svg role="img" aria-label="{}" ').format(label)
    return named + Markup(svg.removeprefix("<svg "))
