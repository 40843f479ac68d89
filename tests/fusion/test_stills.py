from station.fusion.stills import MOST_STILLS, name_stills


def picture(t_s: float) -> dict:
    return {"kind": "picture", "id": None, "t_s": t_s}


def test_every_mistake_gets_its_first_still_before_any_gets_its_second():
    document = {"mistakes": {
        "one": {"evidence": [picture(float(k)) for k in range(9)]},
        "two": {"evidence": [{"kind": "curves"}, picture(20.0)]},
        "none": {"evidence": []},
    }}  # fmt: skip
    stills = name_stills(document, t0_ns=1000, camera_offset_s=0.5)
    assert len(stills) == MOST_STILLS
    assert list(stills)[:3] == ["one-1", "two-2", "one-2"]
    assert stills["two-2"] == 1000 + 19_500_000_000
    named = [item["id"] for item in document["mistakes"]["one"]["evidence"]]
    assert named == [f"one-{k + 1}" for k in range(7)] + [None, None]
