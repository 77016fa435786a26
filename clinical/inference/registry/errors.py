"""What can go wrong with registered models. Messages name the entry, the file and the fix, and are safe to show.

RegistryError
├── RegistryInvalid         a models file cannot be used: which file, entry and field
├── ModelNotRegistered      no entry has this id
├── ModelAlreadyRegistered  an entry has this id already
├── ModelPackaged           the entry comes with the product, so a hospital cannot change it
├── ModelInUse              the engine is told to use the model
├── ModelFileMissing        the weights or an adapter are not where the entry says
├── ModelFileChanged        the file does not have the registered SHA-256
├── ModelFileUnusable       the file is not a GGUF, is cut short, or is not a model
├── RegistrationIncomplete  what a person has to say about a model was not said
└── DownloadError
    ├── AddressRefused      not https, or not an address of a GGUF file
    ├── DownloadRefused     the server will not give the file, or gives something else
    ├── DownloadFailed      the connection broke too often; what came is kept
    ├── NoRoom              the disk or the limit is too small for the file
    └── HashUnconfirmed     nobody has said which SHA-256 the file must have, or it has another
"""

from pathlib import Path


class RegistryError(Exception):
    """A model cannot be registered, found or trusted."""


class RegistryInvalid(RegistryError):
    """A models file cannot be used. `entry` and `field` are empty where the fault is the file's."""

    def __init__(self, file: Path, fault: str, *, entry: str = "", field: str = "") -> None:
        self.file, self.entry, self.field, self.fault = file, entry, field, fault
        place = [str(file), *([entry] if entry else []), *([f"field {field}"] if field else [])]
        super().__init__(f"{', '.join(place)}: {fault}")


class ModelNotRegistered(RegistryError):
    """No entry has this id."""


class ModelAlreadyRegistered(RegistryError):
    """An entry has this id already."""


class ModelPackaged(RegistryError):
    """The entry comes with the product."""


class ModelInUse(RegistryError):
    """The engine is told to use the model."""


class ModelFileMissing(RegistryError):
    """The weights or an adapter are not where the entry says."""


class ModelFileChanged(RegistryError):
    """A file does not have the SHA-256 that was registered. Both are 64 hex digits."""

    def __init__(self, message: str, *, expected: str, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(message)


class ModelFileUnusable(RegistryError):
    """The file is not a GGUF, is cut short, or holds something else than what it is registered as."""


class RegistrationIncomplete(RegistryError):
    """Something that only a person can say about a model was not said."""


class DownloadError(RegistryError):
    """A model file could not be fetched."""


class AddressRefused(DownloadError):
    """The address is not one that a model may be fetched from."""


class DownloadRefused(DownloadError):
    """The server will not give the file, or gives something that is not it. Trying again does not help."""


class DownloadFailed(DownloadError):
    """The connection broke too often. What came is kept, and the next try continues there."""


class NoRoom(DownloadError):
    """The disk has no room for the file, or the file is larger than allowed."""


class HashUnconfirmed(DownloadError):
    """The file is here, but its SHA-256 is not confirmed. `found` is what it has; `expected` may be empty."""

    def __init__(self, message: str, *, found: str, expected: str = "") -> None:
        self.found, self.expected = found, expected
        super().__init__(message)
