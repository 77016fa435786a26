"""The ledger's tables. The database itself refuses to change a row of those that are append-only (migrations)."""

from django.db import models


class Entry(models.Model):
    """One sealed event. The columns after `mac` repeat header and tokens, so that the database can search."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    writer_id = models.UUIDField()
    writer_seq = models.BigIntegerField()
    header = models.BinaryField()
    tokens = models.BinaryField()
    commitment = models.BinaryField()
    key_id = models.CharField(max_length=80)
    nonce = models.BinaryField()
    ciphertext = models.BinaryField()
    subject = models.BinaryField()
    mac = models.BinaryField()

    recorded_at = models.DateTimeField(db_index=True)
    outcome = models.SmallIntegerField(null=True)
    emergency = models.BooleanField(default=False)
    patient_token = models.BinaryField(null=True, max_length=16)
    user_token = models.BinaryField(null=True, max_length=16)
    client_token = models.BinaryField(null=True, max_length=16)
    action_token = models.BinaryField(null=True, max_length=16)
    purpose_token = models.BinaryField(null=True, max_length=16)
    date_token = models.BinaryField(null=True, max_length=16)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("writer_id", "writer_seq"), name="audit_entry_of_writer"),
        )
        # Equality search, newest first. Action, purpose and date are too common for an index of their own to help.
        indexes = (
            models.Index(fields=("patient_token", "recorded_at"), name="audit_entry_patient"),
            models.Index(fields=("user_token", "recorded_at"), name="audit_entry_user"),
        )

    def __str__(self) -> str:
        return str(self.event_id)


class Unsealed(models.Model):
    """The queue of entries that are not in the tree yet; the sealer empties it."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.event_id)


class Seal(models.Model):
    """An entry's place in the tree."""

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.seq}: {self.event_id}"


class Tile(models.Model):
    """256 hashes side by side at a level of the tree. Source: C2SP tlog-tiles."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="audit_tile_place"),)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed note about the tree's size and root. Source: C2SP tlog-checkpoint."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.size} at {self.created_at:%Y-%m-%d %H:%M:%S}"


class Writer(models.Model):
    """One database connection of one process. `officer_box` holds its first MAC key, for the officer alone."""

    writer_id = models.UUIDField(primary_key=True)
    officer_box = models.BinaryField()
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.writer_id)


class WrappedKey(models.Model):
    """A key under a key-encryption key. The newest row of a `key_id` counts: wrapping again adds one."""

    key_id = models.CharField(max_length=80)
    kek_id = models.CharField(max_length=200)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key_id", "kek_id"), name="audit_key_wrapped_once"),)

    def __str__(self) -> str:
        return f"{self.key_id} under {self.kek_id}"


class SubjectKey(models.Model):
    """The key over one patient's identifiers. Deleting the row is how a patient is forgotten (crypto-shredding)."""

    subject_token = models.BinaryField(unique=True, max_length=16)
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return "a subject key"


class PurgeDeclaration(models.Model):
    """Says that entries recorded before a day may be dropped; their seals stay."""

    before = models.DateTimeField()
    declared_at = models.DateTimeField()
    event_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"before {self.before:%Y-%m-%d}"


class Lease(models.Model):
    """Who does a job that one process at a time should do. Correctness does not rest on it: places are unique."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=80)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"


APPEND_ONLY: tuple[type[models.Model], ...] = (
    Seal,
    Tile,
    Checkpoint,
    Writer,
    WrappedKey,
    PurgeDeclaration,
)
