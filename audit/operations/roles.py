"""PostgreSQL roles for the ledger: who writes requests cannot seal, and nobody but the owner changes anything."""

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from audit.errors import RequestInvalid

QUEUE, LEASE = "audit_unsealed", "audit_lease"
WRITTEN_BY_REQUESTS = ("audit_entry", QUEUE, "audit_writer", "audit_wrappedkey", "audit_subjectkey")
WRITTEN_BY_SEALER = ("audit_seal", "audit_tile", "audit_checkpoint")
READ_BY_ALL = ("audit_purgedeclaration", LEASE)
TABLES = (*WRITTEN_BY_REQUESTS, *WRITTEN_BY_SEALER, *READ_BY_ALL)


def grants(*, app_role: str, sealer_role: str) -> list[str]:
    """Return the statements that give the two roles what they need of the ledger's tables, and take the rest.

    Shredding, purging and migrating stay with the owner. Raises: RequestInvalid for a name that is no role's.
    """
    app, sealer = _quoted(app_role), _quoted(sealer_role)
    tables, both = ", ".join(TABLES), f"{app}, {sealer}"
    return [
        f"REVOKE ALL ON {tables} FROM PUBLIC, {both}",
        f"GRANT SELECT ON {tables} TO {both}",
        f"GRANT INSERT ON {', '.join(WRITTEN_BY_REQUESTS)} TO {both}",
        f"GRANT INSERT ON {', '.join(WRITTEN_BY_SEALER)} TO {sealer}",
        f"GRANT DELETE ON {QUEUE} TO {sealer}",
        f"GRANT INSERT, UPDATE, DELETE ON {LEASE} TO {sealer}",
        *(f"GRANT USAGE ON SEQUENCE {sequence} TO {roles}" for sequence, roles in _sequences(app, sealer)),
    ]


def apply_grants(statements: list[str]) -> None:
    """Execute the statements, all or none. Raises: RequestInvalid without PostgreSQL, DatabaseError."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        raise RequestInvalid(
            "SQLite has no roles: there only the triggers and the file's permissions guard the record"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sequences(app: str, sealer: str) -> list[tuple[str, str]]:
    written = [f"{table}_id_seq" for table in (*WRITTEN_BY_REQUESTS, "audit_tile") if table != "audit_writer"]
    return [(each, sealer if each == "audit_tile_id_seq" else f"{app}, {sealer}") for each in written]


def _quoted(role: str) -> str:
    if not role or "\0" in role:
        raise RequestInvalid("A role has a name")
    return '"' + role.replace('"', '""') + '"'
