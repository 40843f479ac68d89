"""JSON with one value changed, dropped, or taken twice: what a hand or a half restored backup does to a file."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

NUMBERS = st.sampled_from([0, -1, 1, 2, 80, 1e-320, 1e300, -1e300]) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = (
    st.none()
    | st.booleans()
    | NUMBERS
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
    | st.lists(NUMBERS, max_size=5)
)


@st.composite
def mutated(draw: st.DrawFn, tree: dict) -> Any:
    """`tree` (as of json.loads) with one or two places changed."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, 2))):
        holder, key = draw(st.sampled_from(list(_places(tree))))
        how = draw(st.sampled_from(["change", "drop", "twice"]))
        if how == "change":
            holder[key] = draw(VALUES)
        elif how == "drop":
            del holder[key]
        elif isinstance(holder, list):
            holder.append(holder[key])
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each (dict, key) and (list, index) below `tree`."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield tree, key
        yield from _places(value)
