"""A fetched file takes its place only when its SHA-256 is the one that somebody stands for."""

from clinical.inference.registry.download.partial import PartialFile
from clinical.inference.registry.errors import HashUnconfirmed
from clinical.inference.registry.hashing import sha256_of


def confirm(partial: PartialFile, *, expected: str | None) -> str:
    """Put the whole file in its place where it has the expected SHA-256, and return that.

    Where nothing is expected, what the hub published counts. Raises: HashUnconfirmed.
    """
    found = sha256_of(partial.unverified)
    origin = partial.origin
    wanted = expected or (origin.published_sha256 if origin else "")
    if wanted != found:
        raise _unconfirmed(partial, found, wanted)
    partial.accept()
    return found


def _unconfirmed(partial: PartialFile, found: str, wanted: str) -> HashUnconfirmed:
    kept = f"The file waits as {partial.unverified}"
    if not wanted:
        return HashUnconfirmed(
            f"Nobody has said which SHA-256 {partial.target.name} must have. It has {found}. Compare that with what its "
            f"publisher says, and run the command again with --sha256 {found}. {kept}",
            found=found,
        )
    return HashUnconfirmed(
        f"{partial.target.name} has the SHA-256 {found}, and expected is {wanted}. If the expected hash is right, fetch "
        f"the file anew with --restart; if it was mistyped, run the command again with the right --sha256. {kept}",
        found=found,
        expected=wanted,
    )
