"""The key of the take-home codes: made once, whole, for nobody else's eyes."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from station.errors import CardKeyError
from station.records import card_key
from station.records.card_key import PRIVATE_FILE, PUBLIC_FILE, SISTERS_FOLDER, load


def test_it_is_made_once_and_found_again(tmp_path):
    first = load(tmp_path / "state")
    signature = first.sign(b"a run")
    again = load(tmp_path / "state")
    assert again.id == first.id
    assert again.is_genuine(first.id, signature, b"a run")
    assert not again.is_genuine(first.id, signature, b"another run")
    assert not again.is_genuine(first.id, signature[:-1], b"a run")


def test_nobody_else_can_read_it(tmp_path):
    load(tmp_path)
    assert stat.S_IMODE((tmp_path / PRIVATE_FILE).stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == [PRIVATE_FILE, PUBLIC_FILE]


def _load_at(barrier, state, ids) -> None:
    barrier.wait()
    ids.put(load(Path(state)).id)


def test_stations_that_start_at_once_have_one_key(tmp_path):
    fork = multiprocessing.get_context("fork")
    barrier, ids = fork.Barrier(4), fork.Queue()
    starts = [fork.Process(target=_load_at, args=(barrier, tmp_path, ids)) for _ in range(4)]
    for start in starts:
        start.start()
    found = {ids.get(timeout=20) for _ in starts}
    for start in starts:
        start.join()
    assert found == {load(tmp_path).id}


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_said(tmp_path, content):
    (tmp_path / PRIVATE_FILE).write_bytes(content)
    with pytest.raises(CardKeyError, match=r"card_key\.pem is damaged; take it away"):
        load(tmp_path)
    assert (tmp_path / PRIVATE_FILE).read_bytes() == content


def test_a_directory_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CardKeyError, match="check the directory"):
        load(tmp_path / "file" / "state")


def test_a_sister_is_believed_by_its_public_key(tmp_path):
    sister = load(tmp_path / "sister")
    signature = sister.sign(b"a run")
    assert not load(tmp_path / "own").knows(sister.id)
    folder = tmp_path / "own" / SISTERS_FOLDER
    folder.mkdir()
    (folder / "north.pub").write_bytes((tmp_path / "sister" / PUBLIC_FILE).read_bytes())
    own = load(tmp_path / "own")
    assert own.id != sister.id
    assert own.is_genuine(sister.id, signature, b"a run")
    assert not own.is_genuine(own.id, signature, b"a run")


def test_a_damaged_key_of_a_sister_is_left_out(tmp_path, caplog):
    folder = tmp_path / SISTERS_FOLDER
    folder.mkdir()
    (folder / "north.pub").write_text("nothing")
    assert load(tmp_path).sign(b"a run")
    assert "north.pub" in caplog.text


def test_the_public_half_is_put_back(tmp_path):
    load(tmp_path)
    (tmp_path / PUBLIC_FILE).unlink()
    card_key.load(tmp_path)
    assert (tmp_path / PUBLIC_FILE).read_bytes().startswith(b"-----BEGIN PUBLIC KEY-----")
