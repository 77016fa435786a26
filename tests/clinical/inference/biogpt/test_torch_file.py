"""A `pytorch_model.bin` is data: what a checkpoint needs is read exactly, and nothing in it is run."""

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ml_dtypes import bfloat16
from numpy.typing import NDArray

from clinical.inference.biogpt.checkpoint.torch_file import TorchFile
from clinical.inference.biogpt.errors import CheckpointDamaged
from tests.clinical.inference.biogpt import torch_zip

NUMBERS = np.arange(12, dtype=np.float32).reshape(3, 4)


def write(tmp_path: Path, entries: dict[str, bytes], storages: list[bytes], **options: Any) -> Path:
    file = tmp_path / "pytorch_model.bin"
    torch_zip.save_records(file, torch_zip.pickled(entries), storages, **options)
    return file


@pytest.mark.parametrize("kind", [np.float32, np.float16, bfloat16])
def test_a_tensor_is_read_as_it_was_saved(kind: Any, tmp_path: Path) -> None:
    file = tmp_path / "pytorch_model.bin"
    torch_zip.save({"a": NUMBERS.astype(kind), "b": NUMBERS[0].astype(kind)}, file)
    tensors = TorchFile(file)
    assert sorted(tensors.names()) == ["a", "b"]
    assert tensors.shape("a") == (3, 4)
    assert (tensors.read("a").astype(np.float32) == NUMBERS).all()
    assert (tensors.read("b").astype(np.float32) == NUMBERS[0]).all()


def test_a_tensor_may_be_a_part_of_a_storage_and_lie_across(tmp_path: Path) -> None:
    stored = torch_zip.storage("0", "FloatStorage", 12)
    entries = {
        "row": torch_zip.tensor(stored, (4,), (1,), offset=8),
        "across": torch_zip.tensor(stored, (4, 3), (1, 4)),
        "one": torch_zip.tensor(stored, (), (), offset=5),
        "none": torch_zip.tensor(stored, (0, 4), (4, 1), offset=12),
    }
    tensors = TorchFile(write(tmp_path, entries, [NUMBERS.tobytes()]))

    def read(name: str) -> NDArray[Any]:
        return tensors.read(name)

    assert (read("row") == NUMBERS[2]).all()
    assert (read("across") == NUMBERS.T).all()
    assert read("one") == 5
    assert read("none").shape == (0, 4)


def test_a_parameter_is_its_tensor(tmp_path: Path) -> None:
    inner = torch_zip.tensor_of("0", NUMBERS)
    entry = b"ctorch._utils\n_rebuild_parameter\n(" + inner + b"\x88" + torch_zip.EMPTY_MAP + b"tR"
    assert (TorchFile(write(tmp_path, {"a": entry}, [NUMBERS.tobytes()])).read("a") == NUMBERS).all()


class _Runs:
    """Makes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.file),)


def test_code_in_the_file_is_not_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    hostile = pickle.dumps({"a": _Runs(trap)}, protocol=2)
    file = tmp_path / "pytorch_model.bin"
    torch_zip.save_records(file, hostile, [])
    with pytest.raises(CheckpointDamaged, match="mkdir"):
        TorchFile(file)
    assert not trap.exists()
    pickle.loads(hostile)  # noqa: S301 - the trap works
    assert trap.exists()


@pytest.mark.parametrize(
    "name",
    [
        "builtins\neval",
        "os\nsystem",
        "torch\nload",
        "torch\nLongStorage",
        "argparse\nNamespace",
        "collections\nCounter",
    ],
)
def test_every_other_name_is_refused(name: str, tmp_path: Path) -> None:
    module, attribute = name.split("\n")
    with pytest.raises(CheckpointDamaged, match=rf"{module}\.{attribute}"):
        TorchFile(write(tmp_path, {"a": f"c{name}\n".encode()}, []))


@pytest.mark.parametrize(
    ("shape", "strides", "offset"),
    [
        ((13,), (1,), 0),
        ((4,), (1,), 9),
        ((4,), (4,), 0),
        ((-1,), (1,), 0),
        ((3,), (-1,), 11),
        ((2,), (1,), -1),
        ((3, 4), (4,), 0),
    ],
)
def test_a_tensor_outside_its_storage_is_refused(
    shape: tuple[int, ...], strides: tuple[int, ...], offset: int, tmp_path: Path
) -> None:
    entry = torch_zip.tensor(torch_zip.storage("0", "FloatStorage", 12), shape, strides, offset=offset)
    with pytest.raises(CheckpointDamaged, match="outside its storage"):
        TorchFile(write(tmp_path, {"a": entry}, [NUMBERS.tobytes()]))


@pytest.mark.parametrize(
    "entry",
    [
        torch_zip.number(5),
        torch_zip.text("text"),
        b"(" + torch_zip.text("module") + b"tQ",
        b"ctorch._utils\n_rebuild_tensor_v2\n(tR",
        b"ctorch._utils\n_rebuild_tensor_v2\n(" + torch_zip.text("0") * 4 + b"tR",
        b"ctorch\nFloatStorage\n)R",
        b"ccollections\nOrderedDict\n}" + torch_zip.text("items") + torch_zip.number(1) + b"sb",
        b"R",
        b"",
    ],
)
def test_other_entries_and_broken_lists_are_refused(entry: bytes, tmp_path: Path) -> None:
    with pytest.raises(CheckpointDamaged, match=r"pytorch_model\.bin"):
        TorchFile(write(tmp_path, {"a": entry}, [NUMBERS.tobytes()]))


def test_a_storage_that_is_shorter_than_said_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, {"a": torch_zip.tensor_of("0", NUMBERS)}, [NUMBERS.tobytes()[:-4]])
    with pytest.raises(CheckpointDamaged, match="data/0"):
        TorchFile(file).read("a")


def test_a_storage_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, {"a": torch_zip.tensor_of("7", NUMBERS)}, [NUMBERS.tobytes()])
    with pytest.raises(CheckpointDamaged, match="data/7"):
        TorchFile(file).read("a")


def test_a_compressed_storage_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pytorch_model.bin"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", torch_zip.pickled({"a": torch_zip.tensor_of("0", NUMBERS)}))
        archive.writestr("archive/data/0", NUMBERS.tobytes())
    with pytest.raises(CheckpointDamaged, match="data/0"):
        TorchFile(file).read("a")


def test_numbers_of_a_big_endian_machine_are_refused(tmp_path: Path) -> None:
    entries = {"a": torch_zip.tensor_of("0", NUMBERS)}
    with pytest.raises(CheckpointDamaged, match="big-endian"):
        TorchFile(write(tmp_path, entries, [NUMBERS.tobytes()], byte_order=b"big"))


def test_a_file_that_was_cut_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, {"a": torch_zip.tensor_of("0", NUMBERS)}, [NUMBERS.tobytes()])
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(CheckpointDamaged, match="complete zip"):
        TorchFile(file)


def test_a_file_from_before_the_zip_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pytorch_model.bin"
    file.write_bytes(pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2))
    with pytest.raises(CheckpointDamaged, match=r"PyTorch 1\.6"):
        TorchFile(file)


def test_another_zip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pytorch_model.bin"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(CheckpointDamaged, match="not of tensors"):
        TorchFile(file)
