"""Small helpers to make SVG; all text and attributes are escaped by the XML writer."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup


def root(left: float, top: float, width: float, height: float, title: str, css_class: str) -> Element:
    """An <svg> that screen readers announce by `title`."""
    view = f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}"
    svg = Element("svg", {"viewBox": view, "role": "img", "aria-label": title, "class": css_class})
    return svg


def add(parent: Element, tag: str, text: str | None = None, **attributes: str | float) -> Element:
    """Append an element; `_` in attribute names stands for `-`, numbers get one decimal."""
    written = {
        name.rstrip("_").replace("_", "-"): f"{value:.1f}" if isinstance(value, float) else str(value)
        for name, value in attributes.items()
    }
    child = SubElement(parent, tag, written)
    child.text = text
    return child


def path(points: list[tuple[float, float]]) -> str:
    """Path data of a line through the points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def markup(svg: Element) -> Markup:
    """Ready for a template."""
    return Markup(ElementTree.tostring(svg, encoding="unicode"))
