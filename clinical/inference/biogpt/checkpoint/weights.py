"""The weights of a Hugging Face checkpoint folder, read one tensor at a time."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from clinical.inference.biogpt.checkpoint.json_file import read_json_object
from clinical.inference.biogpt.checkpoint.safetensors_file import SafetensorsFile
from clinical.inference.biogpt.checkpoint.tensors import Floats, TensorFile
from clinical.inference.biogpt.checkpoint.torch_file import TorchFile
from clinical.inference.biogpt.errors import (
    CheckpointDamaged,
    CheckpointFileMissing,
    TensorMissing,
    TensorShapeWrong,
)

# In the order in which transformers looks for them.
WEIGHTS = ("model.safetensors", "pytorch_model.bin")

# A checkpoint of the bare network, without the head that writes, leaves the prefix out.
PREFIX = "biogpt."


class Checkpoint:
    """The tensors of a checkpoint by their names in `transformers`, prefix left out."""

    def __init__(self, files: Mapping[str, TensorFile]) -> None:
        """Remember which file holds which tensor; `files` maps the tensors' own names to files."""
        self._places = {name.removeprefix(PREFIX): (file, name) for name, file in files.items()}

    def __contains__(self, name: object) -> bool:
        """Return whether the checkpoint has the tensor."""
        return name in self._places

    def check(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        """Check that every tensor is there in its shape. Raises: TensorMissing, TensorShapeWrong."""
        for name, shape in shapes.items():
            if name not in self._places:
                raise TensorMissing(
                    f"The weights lack {name}: config.json and the weights are not of the same checkpoint"
                )
            file, own_name = self._places[name]
            if file.shape(own_name) != shape:
                raise TensorShapeWrong(
                    f"{name} has the shape {file.shape(own_name)}, and config.json asks for {shape}: "
                    "they are not of the same checkpoint"
                )

    def read(self, name: str) -> Floats:
        """Return the tensor in float32. Raises: CheckpointDamaged."""
        file, own_name = self._places[name]
        tensor = np.ascontiguousarray(file.read(own_name), dtype=np.float32)
        if not np.isfinite(tensor).all():
            raise CheckpointDamaged(
                f"{name} holds values that are not numbers: download the checkpoint again"
            )
        return tensor


def open_checkpoint(folder: Path) -> Checkpoint:
    """Return the folder's weights; nothing but names and shapes is read yet.

    Raises: CheckpointFileMissing, CheckpointDamaged.
    """
    for name in WEIGHTS:
        if (folder / name).is_file():
            whole = _open(folder / name)
            return Checkpoint(dict.fromkeys(whole.names(), whole))
        if (folder / f"{name}.index.json").is_file():
            return Checkpoint(_open_shards(folder, f"{name}.index.json"))
    raise CheckpointFileMissing(
        f"There is neither {WEIGHTS[0]} nor {WEIGHTS[1]} in {folder}: download one of them"
    )


def _open(file: Path) -> TensorFile:
    return SafetensorsFile(file) if file.suffix == ".safetensors" else TorchFile(file)


def _open_shards(folder: Path, index: str) -> dict[str, TensorFile]:
    places = read_json_object(folder / index).get("weight_map")
    if not isinstance(places, dict) or not all(_is_file_name(place) for place in places.values()):
        raise CheckpointDamaged(f"{index} does not map tensors to files of this folder: download it again")
    shards = [_open_shard(folder / name) for name in sorted(set(places.values()))]
    return {tensor: shard for shard in shards for tensor in shard.names()}


def _open_shard(file: Path) -> TensorFile:
    if not file.is_file():
        raise CheckpointFileMissing(f"{file} is missing: the index names it, so download it too")
    return _open(file)


def _is_file_name(place: object) -> bool:
    return isinstance(place, str) and Path(place).name == place and place.endswith((".safetensors", ".bin"))
