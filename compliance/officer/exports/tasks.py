"""The queue's door to exports: a task carries an id and nothing else."""

from celery import shared_task
from kombu.exceptions import OperationalError

from compliance.errors import ExportsUnavailable
from compliance.officer.exports.models import AuditExport
from compliance.officer.exports.services import fail_unqueued, run_export


@shared_task(name="audit.export", acks_late=True)
def write_export_job(export_id: str) -> None:
    """Write the export with this id."""
    run_export(export_id)


def enqueue_export(export: AuditExport) -> None:
    """Hand the export to a worker. Raises: ExportsUnavailable, and the export is then marked as failed."""
    try:
        write_export_job.delay(str(export.id))
    except OperationalError as error:
        fail_unqueued(export)
        raise ExportsUnavailable("The broker does not answer") from error
