"""Whether a registered model's files are the ones that were registered."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.errors import ModelFileChanged, ModelFileMissing
from clinical.inference.registry.hashing import Progress, counted, no_progress, sha256_of


@dataclass(frozen=True)
class _Weights:
    what: str
    file: Path
    sha256: str


def verify_model(model: RegisteredModel, *, on_progress: Progress = no_progress) -> None:
    """Read every byte of the model's file and adapters; return where each has its registered SHA-256.

    `on_progress` hears bytes read of bytes in all. Raises: ModelFileMissing, ModelFileChanged.
    """
    weights = list(_weights_of(model))
    for each in weights:
        check_present(model, each.file, each.what)
    count = counted(sum(each.file.stat().st_size for each in weights), on_progress)
    for each in weights:
        try:
            found = sha256_of(each.file, on_bytes=count)
        except OSError as error:
            raise ModelFileMissing(
                f"{model.id}: {each.what} {each.file} cannot be read ({error.strerror}). Check its owner and mode"
            ) from error
        if found != each.sha256:
            raise _changed(model, each, found)


def is_present(model: RegisteredModel) -> bool:
    """Whether the model's file and adapters are there; says nothing about what they hold."""
    return all(each.file.is_file() for each in _weights_of(model))


def check_present(model: RegisteredModel, file: Path, what: str) -> None:
    """Raise ModelFileMissing where the file is not there."""
    if not file.is_file():
        raise ModelFileMissing(
            f"{model.id}: {what} {file} is missing. Put it there, or fetch it with "
            f"`manage.py models pull {model.id}`; what comes with the product is unpacked by `make content`"
        )


def _weights_of(model: RegisteredModel) -> Iterator[_Weights]:
    yield _Weights("the file", model.file, model.sha256)
    for adapter in model.adapters:
        yield _Weights(f"the adapter {adapter.id},", adapter.file, adapter.sha256)


def _changed(model: RegisteredModel, weights: _Weights, found: str) -> ModelFileChanged:
    return ModelFileChanged(
        f"{model.id}: {weights.what} {weights.file} is not the one that was registered. Expected SHA-256 "
        f"{weights.sha256}, found {found}. Bring the registered file back; a new version is registered as a "
        "new model, with `manage.py models add`",
        expected=weights.sha256,
        found=found,
    )
