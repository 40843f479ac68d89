"""What does not depend on the pins: a foot of the treadmill on its cell, and the place of the camera."""

from station.wiring.sketch import Sketch


def foot_drawing() -> str:
    """SVG of one foot from the side."""
    with Sketch() as sketch:
        sketch.box((0, 0), (20, 0.6), fill="#e8e8e8")
        sketch.text((7, 0.2), "floor plate: steel 6 mm or plywood 25 mm, level")
        sketch.box((4, 0.6), (5, 1.2), fill="#c8c8c8")
        sketch.box((4, 1.2), (10, 2.4), fill="#cfe8ff")
        sketch.text((7, 1.7), "load cell, bolted down at one end")
        sketch.box((9.1, 2.4), (9.9, 2.7), fill="#c8c8c8")
        sketch.box((8.6, 2.7), (10.4, 3.1), fill="#c8c8c8")
        sketch.text((10.8, 2.65), "levelling foot or ball, right\nover the cell's loading hole", align="left")
        sketch.box((3, 3.3), (18.4, 4.3), fill="#f4f4f4")
        sketch.text((6.2, 3.7), "treadmill's frame: touches nothing else")
        sketch.box((9.2, 3.1), (9.8, 3.3), fill="#c8c8c8")
        sketch.box((18.9, 0.6), (19.5, 4.6), fill="#c8c8c8")
        sketch.text((19.8, 3.8), "side stop: 2 mm of air,\nheld by nothing", align="left")
        sketch.box((0.4, 0.6), (2.2, 1.4), fill="#d9f2d9")
        sketch.text((1.3, 0.95), "HX711")
        sketch.line((2.2, 1.0), (3.0, 1.0), (3.0, 1.8), (4, 1.8))
        sketch.text((1.6, 2.3), "cell's own cable,\nshort, in a loop")
        sketch.arrow((6.6, 6.2), (6.6, 4.4))
        sketch.text((6.6, 6.5), "all of the load, straight down")
        sketch.text((5.4, 0.8), "air under the free end, 3 mm at least", align="left")
    return sketch.svg()


def camera_drawing() -> str:
    """SVG of the camera's place, from above and from the side."""
    with Sketch() as sketch:
        sketch.box((0, 0), (11, 3.4))
        sketch.box((0.4, 0.8), (10.6, 2.6), style="--")
        sketch.text((2.2, 1.6), "belt, from above")
        sketch.arrow((7.5, 1.7), (10.2, 1.7))
        sketch.text((8.8, 2.1), "runner faces")
        sketch.line((5.5, 1.7), (5.5, -8.2), style="--")
        sketch.box((5.0, -8.8), (6.0, -8.2), fill="#cfe8ff")
        sketch.text((6.3, -8.6), "camera, at the runner's\nright (or left)", align="left")
        sketch.text((7.2, -2.0), "3.0 to 3.5 m from the\nbelt's middle line")
        sketch.line((5.5, -8.2), (0.6, 0))
        sketch.line((5.5, -8.2), (10.4, 0))
        sketch.text((3.9, -2.0), "square to\nthe belt")
        sketch.box((-1.6, -4.2), (-0.2, -3.2), fill="#fff3b0")
        sketch.box((11.2, -4.2), (12.6, -3.2), fill="#fff3b0")
        sketch.text((-0.9, -4.7), "lamp")
        sketch.text((11.9, -4.7), "lamp")
        sketch.text((5.5, 4.0), "plain wall, no mirror, nobody walking")
        y = -16.0
        sketch.line((-2, y), (14, y))
        sketch.box((0, y), (2.4, y + 0.6))
        sketch.text((1.2, y + 1.0), "treadmill, from behind")
        sketch.line((1.2, y + 0.6), (1.2, y + 6.4), style="--")
        sketch.text((1.2, y + 6.7), "runner, whole in the picture")
        sketch.box((12, y + 3.2), (12.8, y + 3.8), fill="#cfe8ff")
        sketch.line((12.4, y), (12.4, y + 3.2))
        sketch.line((12, y + 3.5), (1.2, y + 3.5), style="--")
        sketch.text((6.6, y + 3.9), "level: lens 0.9 m above the belt")
    return sketch.svg()
