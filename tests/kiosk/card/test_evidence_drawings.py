"""The SVG of evidence: well formed, true to the points, and safe."""

from xml.etree import ElementTree

import pytest

from station.kiosk.card.curves_svg import draw_curves, draw_step, read_curves
from station.kiosk.card.evidence_svg import draw_picture
from tests.kiosk.sample_report import curve_evidence, neck_evidence, step_curve, stick_runner

EVIL = '"><script>alert(1)</script>'


def parse(svg):
    return ElementTree.fromstring(svg)


def classes(svg, name):
    return [e for e in svg.iter() if name in (e.get("class") or "").split()]


def view(svg):
    return [float(v) for v in svg.get("viewBox").split()]


def inside(point, box):
    left, top, width, height = box
    return left <= point[0] <= left + width and top <= point[1] <= top + height


def test_a_picture_shows_the_lines_that_matter_and_the_angle():
    svg = parse(draw_picture(neck_evidence(), "Neck", "/still/x", focus=False))
    points = stick_runner(0.1)
    (marked,) = classes(svg, "marked")
    (x0, y0), (x1, y1) = points["right_shoulder"], points["right_ear"]
    assert marked.get("d") == f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"
    assert [e.text for e in classes(svg, "value")] == ["34°"]
    assert len(classes(svg, "arc")) == 1
    assert [e.get("href") for e in svg.iter("image")] == ["/still/x"]
    assert svg.get("aria-label") == "Neck"
    in_small = parse(draw_picture(neck_evidence(), "Neck", "/still/x", focus=True))
    assert classes(in_small, "value") == []  # beside a card's own number, another angle's would only be asked about


def test_focus_is_on_the_lines_and_the_whole_runner_is_there_without():
    near = view(parse(draw_picture(neck_evidence(), "Neck", None, focus=True)))
    whole = view(parse(draw_picture(neck_evidence(), "Neck", None, focus=False)))
    assert near[2] < whole[2]
    assert inside(stick_runner(0.1)["right_ear"], near)
    assert all(inside(p, whole) for p in stick_runner(0.1).values())


@pytest.mark.parametrize("drop", ["lines", "angle", "width_px", "id", "skeleton"])
def test_a_picture_with_parts_missing_is_drawn_all_the_same(drop):
    evidence = {k: v for k, v in neck_evidence().items() if k != drop}
    svg = parse(draw_picture(evidence, "Neck", None, focus=True))
    assert classes(svg, "bone")


def test_points_that_are_no_points_are_left_out():
    evidence = neck_evidence() | {
        "points": stick_runner() | {"right_ear": [None, 3], "nose": ["a", "b"], "left_ear": [1]}
    }
    svg = parse(draw_picture(evidence, "Neck", None, focus=False))
    assert not classes(svg, "marked")
    assert classes(svg, "bone")


def test_without_points_there_is_no_picture():
    assert draw_picture({"points": {}}, "", None, focus=True) is None
    assert draw_picture({"points": {"nose": [1, 2]}}, "", None, focus=True) is None


def test_curves_are_drawn_for_both_feet_with_names():
    svg = parse(draw_curves(curve_evidence(), "Force", axes=True))
    assert len(classes(svg, "curve")) == 2
    assert len(classes(svg, "band")) == 2
    assert {e.text for e in classes(svg, "name")} == {"Left 52 BW/s", "Right 43 BW/s"}
    assert {"0", "1", "2", "250"} <= {e.text for e in classes(svg, "tick")}


def test_the_higher_force_is_drawn_higher():
    svg = parse(draw_curves(curve_evidence(), "Force", axes=False))

    def top(side):
        (curve,) = [e for e in classes(svg, "curve") if side in e.get("class")]
        return min(float(pair.split()[1]) for pair in curve.get("d")[1:].split("L"))

    assert top("right") < top("left")  # 2.62 against 2.35 body weights; y runs down


def test_one_foot_alone_is_drawn_and_none_is_not():
    one = curve_evidence() | {"force_bw": {"left": curve_evidence()["force_bw"]["left"]}}
    assert len(classes(parse(draw_curves(one, "Force", axes=True)), "curve")) == 1
    assert draw_curves({}, "Force", axes=True) is None
    assert draw_curves({"t_ms": {"left": [0, 0]}, "force_bw": {"left": [1, 1]}}, "Force", axes=True) is None


def test_texts_cannot_become_markup():
    evidence = neck_evidence() | {"lines": [[EVIL, EVIL]], "points": stick_runner() | {EVIL: [500, 100]}}
    for svg in (
        draw_picture(evidence, EVIL, EVIL, focus=True),
        draw_curves(curve_evidence() | {"label": EVIL}, EVIL, axes=True),
    ):
        assert "<script" not in svg
        assert not list(parse(svg).iter("script"))


def test_a_curve_that_begins_before_the_landing_keeps_its_zero():
    early = curve_evidence()
    early["t_ms"] = {side: [t - 40 for t in times] for side, times in early["t_ms"].items()}
    svg = parse(draw_curves(early, "Force", axes=True))
    first_x = float(classes(svg, "curve")[0].get("d")[1:].split()[0])
    (zero,) = [e for e in classes(svg, "tick") if e.text == "0" and e.get("text-anchor") == "middle"]
    assert first_x < float(zero.get("x"))


def test_a_picture_does_not_look_over_the_edge_of_its_frame():
    evidence = neck_evidence()
    for point in evidence["points"].values():
        point[1] -= 60
    evidence["angle"] = None
    left, top, width, height = view(parse(draw_picture(evidence, "Neck", None, focus=True)))
    assert min(left, top) >= 0
    assert left + width <= evidence["width_px"]
    assert top + height <= evidence["height_px"]


def test_a_long_ray_does_not_push_the_angle_to_the_side():
    evidence = neck_evidence()
    short = view(parse(draw_picture(evidence, "Neck", None, focus=True)))
    evidence["angle"]["from"] = [486.0, -400.0]
    assert view(parse(draw_picture(evidence, "Neck", None, focus=True)))[2] < 1.5 * short[2]


def texts_of(svg, name):
    return [e.text for e in classes(svg, name)]


def test_newtons_stand_on_an_axis_of_their_own_only_where_asked():
    assert not texts_of(parse(draw_curves(curve_evidence(), "Force", axes=True)), "newtons")
    svg = parse(draw_curves(curve_evidence(), "Force", axes=True, newtons_per_bw=700.0))
    newtons = {e.text: float(e.get("y")) for e in classes(svg, "newtons")}
    assert set(newtons) == {"500", "1000", "1500", "N"}
    ticks = {e.text: float(e.get("y")) for e in classes(svg, "tick") if e.get("text-anchor") == "end"}
    per_bw = ticks["0"] - ticks["1"]
    assert newtons["500"] == pytest.approx(ticks["0"] - per_bw * 500 / 700, abs=0.2)


def test_the_slope_is_drawn_where_it_is_read_and_its_rate_is_the_curves_own():
    curve = read_curves(curve_evidence())["left"]
    svg = parse(draw_curves(curve_evidence(), "Force", axes=True))
    ends = [e for e in classes(svg, "rise") if e.tag.endswith("circle") and "left" in e.get("class")]
    assert len(ends) == 2
    assert curve.loading_rate_bw_s == pytest.approx(1e3 * (curve.at(20.0) - curve.at(8.0)) / 12.0)
    without = curve_evidence() | {"rise_ms": {}}
    assert texts_of(parse(draw_curves(without, "Force", axes=True)), "name") == ["Right", "Left"]


def test_a_step_is_drawn_over_the_mean_and_band_of_its_own_foot():
    svg = parse(draw_step(step_curve("right", "left"), curve_evidence(), "right", "Step 33"))
    assert [e.get("class") for e in classes(svg, "band")] == ["band right"]
    assert [e.get("class") for e in classes(svg, "curve")] == ["curve right", "curve other left", "curve this"]
    assert set(texts_of(svg, "name")) == {"This step", "Mean, right foot", "Other foot"}


def test_a_step_without_a_mean_or_of_an_unnamed_foot_is_drawn_alone():
    alone = step_curve("left") | {"sides_known": False}
    svg = parse(draw_step(alone, {}, None, "Step 3"))
    assert [e.get("class") for e in classes(svg, "curve")] == ["curve this"]
    named = parse(draw_step(alone, curve_evidence(), None, "Step 3"))
    assert "Mean, foot A" in texts_of(named, "name")
    assert draw_step({}, curve_evidence(), "left", "Step 3") is None


def test_feet_that_could_not_be_named_are_not_called_left_and_right():
    svg = parse(draw_curves(curve_evidence() | {"sides_known": False, "rise_ms": {}}, "Force", axes=True))
    assert set(texts_of(svg, "name")) == {"Foot A", "Foot B"}
