"""Tiles have the paths and the widths of C2SP tlog-tiles, and hold all that a proof needs."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import PlainEd25519Signer
from tlog_scales.writer import TilesWriter

from audit.tlog.errors import TileInvalid, TileMissing
from audit.tlog.growing import GrowingTree
from audit.tlog.merkle import leaf_hash, merkle_root
from audit.tlog.proofs import (
    consistency_proof,
    inclusion_proof,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from audit.tlog.reading import TileReader
from audit.tlog.serving import serve_path, serve_tile, store_reader
from audit.tlog.tiles import TILE_BYTES, Tile, tile_at, tile_root, tiles_of
from audit.tlog.vkeys import SigningKey
from tests.audit.tlog.logs import MemoryLog, leaves

BIG = 70_000


@pytest.fixture(scope="module")
def big_log() -> MemoryLog:
    """70,000 entries, the specification's example: three levels of tiles."""
    return MemoryLog().append(leaves(BIG))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(63, 5, 255), "tile/63/005.p/255"),
        (Tile(2, 123_456, 1), "tile/2/x123/456.p/1"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.from_path(path) == tile


@given(st.builds(Tile, st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256)))
def test_every_tile_is_found_by_its_path(tile: Tile) -> None:
    assert Tile.from_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/001/234",
        "tile/0/x001/x234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/../000",
        "tile/0/٠٠٠",
        "tile/entries/000",
        "tile/data/000",
        "tile/0/" + "x001/" * 30 + "000",
    ],
)
def test_no_other_path_is_a_tile(path: str) -> None:
    with pytest.raises(TileInvalid):
        Tile.from_path(path)


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    tiles = list(tiles_of(BIG))
    full = [each for each in tiles if each.width == 256]
    assert [each for each in tiles if each.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [sum(each.level == level for each in full) for level in (0, 1, 2)] == [273, 1, 0]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_full_tiles_come_as_soon_as_they_are_full_and_once(big_log: MemoryLog) -> None:
    assert set(big_log.tiles) == {(0, index) for index in range(273)} | {(1, 0)}
    assert big_log.tiles[0, 272] == b"".join(leaves(BIG)[272 * 256 : 273 * 256])
    assert big_log.tiles[1, 0][:32] == merkle_root(leaves(256))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(min_value=0, max_value=700), max_size=6))
def test_how_entries_are_batched_changes_nothing(batches: list[int]) -> None:
    total = sum(batches)
    hashes, log, at = leaves(total), MemoryLog(), 0
    for count in batches:
        log.append(hashes[at : at + count])
        at += count
    assert log.tree.root() == merkle_root(hashes)
    assert log.tiles == MemoryLog().append(hashes).tiles


@settings(deadline=None, max_examples=25)
@given(st.integers(min_value=0, max_value=1500), st.integers(min_value=0, max_value=600))
def test_a_restored_tree_completes_the_same_tiles(before: int, after: int) -> None:
    hashes = leaves(before + after)
    log = MemoryLog().append(hashes[:before])
    log.tree = GrowingTree.restore(log, before)
    assert log.tree.size == before
    log.append(hashes[before:])
    assert log.tree.root() == merkle_root(hashes)
    assert log.tiles == MemoryLog().append(hashes).tiles


def test_a_tree_is_restored_to_any_earlier_size(big_log: MemoryLog) -> None:
    for size in (65_535, 65_536, 65_537, BIG):
        assert GrowingTree.restore(big_log, size).root() == merkle_root(leaves(size))


def test_a_batch_with_a_bad_hash_changes_nothing() -> None:
    tree = GrowingTree()
    tree.append(leaves(3))
    before = tree.root()
    with pytest.raises(Exception, match="32 bytes"):
        tree.append([*leaves(300), b"short"])
    assert (tree.size, tree.root()) == (3, before)


@settings(deadline=None)
@given(st.data())
def test_proofs_are_made_from_tiles_alone(big_log: MemoryLog, data: st.DataObject) -> None:
    new = data.draw(st.integers(min_value=1, max_value=BIG))
    old = data.draw(st.integers(min_value=0, max_value=new))
    index = data.draw(st.integers(min_value=0, max_value=new - 1))
    asked: list[Tile] = []

    def fetch(tile: Tile) -> bytes:
        asked.append(tile)
        return serve_path(big_log, tile.path, BIG)

    reader = TileReader(fetch, new)
    roots = tree_root(reader, old), tree_root(reader, new)
    verify_consistency(old, roots[0], new, roots[1], consistency_proof(reader, old, new))
    verify_inclusion(
        leaf_hash(f"entry {index}".encode()), index, new, inclusion_proof(reader, index, new), roots[1]
    )
    assert len(asked) == len(set(asked)) <= 9


def test_a_dropped_partial_tile_is_read_from_the_full_one(big_log: MemoryLog) -> None:
    def fetch(tile: Tile) -> bytes:
        if tile.level == 0 and tile.width < 256:
            raise TileMissing(tile.path)
        return serve_tile(big_log, tile, BIG)

    assert tree_root(TileReader(fetch, 65_700), 65_536 + 64) == merkle_root(leaves(65_536 + 64))


def test_what_the_tree_does_not_have_is_not_served(big_log: MemoryLog) -> None:
    for path in (
        "tile/0/273",
        "tile/0/274.p/1",
        "tile/0/273.p/113",
        "tile/1/001.p/18",
        "tile/2/000.p/2",
        "tile/3/000",
    ):
        with pytest.raises(TileMissing):
            serve_path(big_log, path, BIG)
    with pytest.raises(TileMissing):
        serve_path(big_log, "tile/0/273.p/112", BIG - 1)
    assert len(serve_path(big_log, "tile/0/273.p/112", BIG)) == 112 * 32
    assert len(serve_path(big_log, "tile/0/100.p/7", BIG)) == 7 * 32
    with pytest.raises(TileInvalid):
        tile_at(0, 274, BIG)


def test_a_store_that_lost_a_tile_says_so() -> None:
    log = MemoryLog().append(leaves(600))
    del log.tiles[0, 1]
    for path in ("tile/0/001", "tile/1/000.p/2"):
        with pytest.raises(TileMissing, match="does not hold"):
            serve_path(log, path, 600)
    with pytest.raises(TileMissing):
        GrowingTree.restore(log, 600)


def test_a_tile_of_another_length_is_refused() -> None:
    with pytest.raises(TileInvalid):
        tile_root(bytes(TILE_BYTES - 1))
    with pytest.raises(TileInvalid):
        TileReader(lambda _: bytes(33), 1).subtree(0, 0)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, 66_000])
def test_another_implementation_reads_our_tiles(size: int, big_log: MemoryLog, tmp_path: Path) -> None:
    log = MemoryLog()
    log.leaf_data, log.tiles, log.tree = big_log.leaf_data, big_log.tiles, GrowingTree.restore(big_log, size)
    log.publish(tmp_path, SigningKey.generate(log.origin))
    reader = TilesReader(LocalBackend(tmp_path))
    checkpoint = reader.get_checkpoint()
    assert reader.calculate_root_hash() == checkpoint.root_hash == merkle_root(leaves(size))
    ours = store_reader(big_log, size)
    old, index = -(-size * 2 // 3), size * 2 // 3
    assert reader.get_consistency_proof(old, size).node_hashes == consistency_proof(ours, old, size)
    assert reader.get_inclusion_proof(index, size).node_hashes == inclusion_proof(ours, index, size)


def test_we_read_the_tiles_of_another_implementation(tmp_path: Path) -> None:
    writer = TilesWriter.create(tmp_path / "log", "other.example/log")
    for batch in (3, 300, 700):
        for _ in range(batch):
            writer.add_leaf(f"entry {writer.size + len(writer.pending)}".encode())
        writer.commit([PlainEd25519Signer("other.example/log", bytes(32))])
    reader = TileReader(lambda tile: (tmp_path / "log" / tile.path).read_bytes(), writer.size)
    assert tree_root(reader, writer.size) == merkle_root(leaves(1003))
