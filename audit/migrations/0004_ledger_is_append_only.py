"""The database refuses to change or remove what the ledger holds (ONC (d)(2), (d)(10): not changeable, not deletable).

Rows go in two ways only: an entry that a purge declaration covers, and a patient's key that is shredded. No
declaration reaches back less than six years (45 CFR 164.316(b)(2)(i)).
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FIXED = (
    "audit_seal",
    "audit_tile",
    "audit_checkpoint",
    "audit_writer",
    "audit_wrappedkey",
    "audit_purgedeclaration",
)
ENTRY, SUBJECT_KEY = "audit_entry", "audit_subjectkey"
RETENTION_YEARS = 6
REFUSAL = "the audit record is append-only"
TOO_EARLY = "the audit record is kept for six years"


def sqlite() -> list[str]:
    def refuse(name: str, when: str, condition: str = "", message: str = REFUSAL) -> str:
        return f"CREATE TRIGGER {name} BEFORE {when} {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"

    uncovered = "WHEN NOT EXISTS (SELECT 1 FROM audit_purgedeclaration WHERE before > OLD.recorded_at)"
    young = f"WHEN julianday(NEW.before) > julianday('now', '-{RETENTION_YEARS} years')"
    return [
        *(refuse(f"{table}_no_update", f"UPDATE ON {table}") for table in (*FIXED, ENTRY, SUBJECT_KEY)),
        *(refuse(f"{table}_no_delete", f"DELETE ON {table}") for table in FIXED),
        refuse(f"{ENTRY}_no_delete", f"DELETE ON {ENTRY}", uncovered),
        refuse("audit_purge_not_early", "INSERT ON audit_purgedeclaration", young, TOO_EARLY),
    ]


def postgresql() -> list[str]:
    def refuse(table: str, when: str, function: str = "audit_refuse_change") -> str:
        each = "STATEMENT" if when == "TRUNCATE" else "ROW"
        name = f"{table}_{when.lower().replace(' ', '_')}"
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"

    return [
        f"""CREATE FUNCTION audit_refuse_uncovered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM audit_purgedeclaration WHERE before > OLD.recorded_at) THEN
            RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN OLD; END $$""",  # noqa: S608 - our own constants
        f"""CREATE FUNCTION audit_refuse_early() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.before > now() - interval '{RETENTION_YEARS} years' THEN
            RAISE EXCEPTION '{TOO_EARLY}'; END IF; RETURN NEW; END $$""",
        *(refuse(table, "UPDATE OR DELETE") for table in FIXED),
        *(refuse(table, "UPDATE") for table in (ENTRY, SUBJECT_KEY)),
        *(refuse(table, "TRUNCATE") for table in (*FIXED, ENTRY, SUBJECT_KEY)),
        refuse(ENTRY, "DELETE", "audit_refuse_uncovered"),
        refuse("audit_purgedeclaration", "INSERT", "audit_refuse_early"),
    ]


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in sqlite() if schema_editor.connection.vendor == "sqlite" else postgresql():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_ledger")]
    operations = [migrations.RunPython(guard)]
