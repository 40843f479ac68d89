"""Evidence as a picture: the frame of one moment (or its skeleton alone) with the angle drawn in."""

import math
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from markupsafe import Markup

from station.kiosk import svg, tolerant
from station.kiosk.live_events import BONES

Point = tuple[float, float]
Line = tuple[str, str]
Box = tuple[float, float, float, float]  # left, top, width, height

_ASPECT = 4 / 3
_FOCUS_MARGIN = 0.45  # around the lines that matter, as a share of their extent
_BODY_MARGIN = 0.12
_RAY_RATIO = 1.5
_HEAD_PER_NECK = 0.42
_BONES_PER_HEIGHT = 75  # thickness of a line
_LEAST_FOCUS = 0.5  # of the body's extent: enough of the runner to be recognised


def draw_picture(evidence: Mapping[str, Any], title: str, still_url: str | None, *, focus: bool) -> Markup | None:
    """SVG of one `picture`; None where it has no points to draw.

    With `focus` the frame is cropped to the lines that matter, otherwise to the whole runner.
    """
    points = {name: p for name, value in tolerant.mapping(evidence, "points").items() if (p := tolerant.point(value))}
    lines = _lines(evidence, "lines", points)
    angle = tolerant.mapping(evidence, "angle")
    corners = [p for key in ("vertex", "from", "to") if (p := tolerant.point(angle.get(key)))]
    corners = corners if len(corners) == 3 else []
    bones = _lines(evidence, "skeleton", points) or [b for b in BONES if b[0] in points and b[1] in points]
    body = [points[name] for bone in bones for name in bone] or corners
    if len(body) < 2:
        return None
    marked = _about_angle(corners) or [points[name] for line in lines for name in line]
    box = _inside_frame(_box(marked or body, body, focus=focus and bool(marked)), evidence)
    drawing = svg.root(*box, title, "picture")
    if still_url:
        _still(drawing, evidence, still_url)
    else:
        _head(drawing, points, box[3])
    _skeleton(drawing, points, bones, box[3])
    for ray in corners[1:]:
        svg.add(drawing, "path", class_="ray", d=svg.path([corners[0], ray]), stroke_width=box[3] / 70)
    for a, b in lines:
        svg.add(drawing, "path", class_="marked", d=svg.path([points[a], points[b]]), stroke_width=box[3] / 44)
    if corners:  # in small beside a card's own number, another angle's would only be asked about
        _angle(drawing, corners, None if focus else tolerant.number(angle, "value_deg"), box, box[3] / 11)
    return svg.markup(drawing)


def _lines(evidence: Mapping[str, Any], key: str, points: Mapping[str, Point]) -> list[Line]:
    """Pairs of names of which both points are there."""
    pairs = [p for p in tolerant.items(evidence, key) if isinstance(p, list) and len(p) == 2]
    return [(a, b) for a, b in pairs if isinstance(a, str) and isinstance(b, str) and a in points and b in points]


def _about_angle(corners: list[Point]) -> list[Point]:
    """The angle's corners, its longer ray cut to about the length of the shorter."""
    if not corners:
        return []
    vertex, *ends = corners
    reach = _RAY_RATIO * min(math.dist(vertex, end) for end in ends)
    return [vertex, *(_towards(vertex, end, min(reach, math.dist(vertex, end))) for end in ends)]


def _inside_frame(box: Box, evidence: Mapping[str, Any]) -> Box:
    """The box moved onto the frame, as far as it fits."""
    left, top, width, height = box
    frame_width, frame_height = (tolerant.number(evidence, key) or 0.0 for key in ("width_px", "height_px"))
    if width <= frame_width:
        left = min(max(left, 0.0), frame_width - width)
    if height <= frame_height:
        top = min(max(top, 0.0), frame_height - height)
    return left, top, width, height


def _box(marked: list[Point], body: list[Point], *, focus: bool) -> Box:
    left, top, width, height = _extent(marked if focus else body)
    margin = _FOCUS_MARGIN if focus else _BODY_MARGIN
    least = _LEAST_FOCUS * max(_extent(body)[2:]) if focus else 1.0
    tall = max(height * (1 + 2 * margin), width * (1 + 2 * margin) / _ASPECT, least)
    wide = tall * _ASPECT
    return left + width / 2 - wide / 2, top + height / 2 - tall / 2, wide, tall


def _extent(points: list[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _still(drawing: Element, evidence: Mapping[str, Any], url: str) -> None:
    width, height = tolerant.number(evidence, "width_px"), tolerant.number(evidence, "height_px")
    if width and height:
        svg.add(drawing, "image", href=url, x=0, y=0, width=width, height=height, preserveAspectRatio="none")


def _head(drawing: Element, points: Mapping[str, Point], box_height: float) -> None:
    """A round head about the ear, in proportion to the neck."""
    for side in ("right", "left"):
        ear, shoulder = points.get(f"{side}_ear"), points.get(f"{side}_shoulder")
        if ear and shoulder:
            radius = _HEAD_PER_NECK * math.dist(ear, shoulder)
            svg.add(
                drawing,
                "circle",
                class_="head",
                cx=ear[0],
                cy=ear[1],
                r=radius,
                stroke_width=box_height / _BONES_PER_HEIGHT,
            )
            return


def _skeleton(drawing: Element, points: Mapping[str, Point], bones: list[Line], box_height: float) -> None:
    stroke = box_height / _BONES_PER_HEIGHT
    for a, b in bones:
        svg.add(drawing, "path", class_="bone", d=svg.path([points[a], points[b]]), stroke_width=stroke)
    for name in sorted({name for bone in bones for name in bone}):
        x, y = points[name]
        svg.add(drawing, "circle", class_="joint", cx=x, cy=y, r=stroke)


def _angle(drawing: Element, corners: list[Point], value_deg: float | None, box: Box, font_size: float) -> None:
    """The arc between the two rays, and the value behind the vertex, where the angle does not open."""
    vertex, start, end = corners
    _, top, _, height = box
    radius = min(max(0.5 * min(math.dist(vertex, start), math.dist(vertex, end)), height / 9), height / 3)
    a, b = _towards(vertex, start, radius), _towards(vertex, end, radius)
    turn = (a[0] - vertex[0]) * (b[1] - vertex[1]) - (a[1] - vertex[1]) * (b[0] - vertex[0])
    arc = f"M{a[0]:.1f} {a[1]:.1f}A{radius:.1f} {radius:.1f} 0 0 {int(turn > 0)} {b[0]:.1f} {b[1]:.1f}"
    svg.add(drawing, "path", class_="arc", d=arc, stroke_width=height / 45)
    if value_deg is None:
        return
    opens_right = start[0] + end[0] > 2 * vertex[0]
    x = vertex[0] + (-1 if opens_right else 1) * font_size * 0.6
    y = min(max(vertex[1] + font_size / 3, top + font_size), top + height - font_size / 3)
    svg.add(
        drawing, "text", f"{value_deg:.0f}°", class_="value", x=x, y=y, font_size=font_size,
        stroke_width=font_size / 5, text_anchor="end" if opens_right else "start",
    )  # fmt: skip


def _towards(origin: Point, target: Point, distance: float) -> Point:
    length = math.dist(origin, target) or 1.0
    return tuple(o + (t - o) * distance / length for o, t in zip(origin, target, strict=True))
