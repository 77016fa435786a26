"""A file of HL7 v2 messages becomes the chart of its patient; a later message about a thing takes the place of an earlier."""

from datetime import date

from ehr_integration.chart.bundles import chart_from_resources
from ehr_integration.chart.domain import Chart
from ehr_integration.hl7v2.batches import split_messages
from ehr_integration.hl7v2.decoding import decode
from ehr_integration.hl7v2.fhir.elements import JsonObject
from ehr_integration.hl7v2.message import read_message
from ehr_integration.hl7v2.resources import resources_of

STARTS = (b"MSH", b"FHS", b"BHS", b"\x0bMSH")


def is_hl7v2(start: bytes) -> bool:
    """Whether content begins as a message, a batch or a frame."""
    return start.startswith(STARTS)


def chart_from_hl7v2(body: bytes, *, on: date) -> Chart:
    """Return the chart of one patient's messages, as of the given day.

    Raises: MessageRefused, which names segment and field; ChartRefused, where they are of several patients.
    """
    latest: dict[tuple[str, str], JsonObject] = {}
    for lines in split_messages(decode(body)):
        for resource in resources_of(read_message(lines)):
            latest[(resource["resourceType"], resource["id"])] = resource
    return chart_from_resources(latest.values(), patient_id=None, on=on)
