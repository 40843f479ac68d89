import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.force.sample_columns import SampleColumns
from station.messages import SampleBatch

ROW = st.tuples(
    st.integers(0, 3),
    st.integers(-(2**23), 2**23 - 1),
    st.integers(0, 2**62),
    st.integers(0, 2**62),
    st.integers(0, 2**32 - 1),
    st.integers(0, 255),
)


@given(st.lists(st.lists(ROW, max_size=8), max_size=4))
def test_each_read_gives_its_own_rows_and_room_is_reused(reads):
    columns = SampleColumns()
    for rows in reads:
        columns.clear(8)
        for row in rows:
            columns.add(*row)
        assert columns.free == 8 - len(rows)
        batch = columns.batch().arrays()
        assert [tuple(int(batch[name][i]) for name in SampleBatch.DTYPES) for i in range(len(rows))] == rows
        assert {name: values.dtype for name, values in batch.items()} == {
            name: np.dtype(dtype) for name, dtype in SampleBatch.DTYPES.items()
        }


def test_more_than_there_is_room_for_is_refused():
    columns = SampleColumns()
    columns.clear(1)
    columns.add(0, 0, 0, 0, 0, 0)
    with pytest.raises(IndexError):
        columns.add(0, 0, 0, 0, 0, 0)
