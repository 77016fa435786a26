"""The patient taken out of an AuditEvent, and put back exactly: what makes crypto-shredding possible."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from audit.balp.reading import patient_of

PATIENT = "Patient/"
PLACEHOLDER = "?"
# Stands for the id inside a raw search; no HTTP request target can hold it, and Context refuses it.
MARK = "\0"


def patient_placeholder(document: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the document with "Patient/?" for its patient, and the patient's id, None where it is about none.

    References and the raw search of a query lose the id; the rest is shared with the document given.
    """
    patient_id = patient_of(document)
    if patient_id is None:
        return dict(document), None
    return _replaced(
        document, patient_id, PLACEHOLDER, lambda query: query.replace(patient_id, MARK)
    ), patient_id


def with_patient(document: Mapping[str, Any], patient_id: str) -> dict[str, Any]:
    """Return the document with the patient back in: the inverse of `patient_placeholder`."""
    return _replaced(document, PLACEHOLDER, patient_id, lambda query: query.replace(MARK, patient_id))


def _replaced(
    document: Mapping[str, Any], old: str, new: str, in_query: Callable[[str], str]
) -> dict[str, Any]:
    return {
        **document,
        "agent": [_with_reference(agent, "who", old, new) for agent in document["agent"]],
        "entity": [
            _with_query(_with_reference(entity, "what", old, new), in_query) for entity in document["entity"]
        ],
    }


def _with_reference(part: dict[str, Any], name: str, old: str, new: str) -> dict[str, Any]:
    reference = part[name].get("reference", "") if name in part else ""
    if reference != f"{PATIENT}{old}" and not reference.startswith(f"{PATIENT}{old}/"):
        return part
    return part | {name: part[name] | {"reference": f"{PATIENT}{new}{reference[len(PATIENT) + len(old) :]}"}}


def _with_query(entity: dict[str, Any], in_query: Callable[[str], str]) -> dict[str, Any]:
    if "query" not in entity:
        return entity
    query = base64.b64decode(entity["query"]).decode()
    return entity | {"query": base64.b64encode(in_query(query).encode()).decode()}
