"""What can go wrong with trees, tiles and notes. Messages hold hashes, sizes and key names, never an entry.

AuditError
└── TlogError
    ├── HashInvalid           a hash, or a number of hashes, that no tree has
    ├── TileInvalid           a path that names no tile, or data of another length than the tile has
    ├── TileMissing           the log does not have this tile (yet)
    ├── KeyInvalid            the text of a key cannot be read
    ├── NoteMalformed         not a signed note
    ├── CheckpointMalformed   a note, but not of a checkpoint
    └── VerificationFailed    well formed, and not true
        ├── SignatureInvalid      a signature that claims to be of a known key is not
        ├── KeyUntrusted          no signature is of a known key
        ├── OriginMismatch        a checkpoint of another log
        ├── InclusionInvalid      the leaf is not where the proof says
        └── ConsistencyInvalid    the smaller tree is not the beginning of the larger one
"""

from audit.errors import AuditError


class TlogError(AuditError):
    """A tree, tile, note or proof cannot be used."""


class HashInvalid(TlogError):
    """A hash is not 32 bytes long, or a tree's edge has another number of hashes than its size asks for."""


class TileInvalid(TlogError):
    """A path names no tile, or the data is not as long as the tile is wide."""


class TileMissing(TlogError):
    """The log does not have this tile, or not yet."""


class KeyInvalid(TlogError):
    """The text of a key is not `name+id+base64`, is of another type, or does not hash to its own id."""


class NoteMalformed(TlogError):
    """The bytes are not a signed note."""


class CheckpointMalformed(TlogError):
    """The note's text is not a checkpoint."""


class VerificationFailed(TlogError):
    """What was read is well formed and not true."""


class SignatureInvalid(VerificationFailed):
    """A signature line names a known key, which did not make it."""


class KeyUntrusted(VerificationFailed):
    """No signature line names a known key."""


class OriginMismatch(VerificationFailed):
    """The checkpoint is of another log."""


class InclusionInvalid(VerificationFailed):
    """The leaf is not in the tree at the place that the proof names."""


class ConsistencyInvalid(VerificationFailed):
    """The smaller tree is not shown to be the beginning of the larger one."""
