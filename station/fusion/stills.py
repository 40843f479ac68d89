"""Which pictures of the evidence get a still, and of which instant."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

MOST_STILLS = 8
"""Of a run: each is a frame to be looked through for bystanders, which takes a slow board seconds, and they should be
there while the card is read. The other pictures are shown as skeletons."""


def name_stills(document: dict[str, Any], t0_ns: int, camera_offset_s: float) -> dict[str, int]:
    """Picture id -> instant of the camera, in the document's own pictures too; first the first of each mistake."""
    named = {}
    for item_id, item in _in_turns(document["mistakes"]):
        if len(named) < MOST_STILLS:
            item["id"] = item_id
            named[item_id] = t0_ns + round((item["t_s"] - camera_offset_s) * 1e9)
    return named


def _in_turns(mistakes: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    pictures = [
        [(f"{mistake}-{k + 1}", item) for k, item in enumerate(verdict["evidence"]) if item["kind"] == "picture"]
        for mistake, verdict in mistakes.items()
    ]
    for turn in zip_longest(*pictures):
        yield from filter(None, turn)
