"""All resources of the demo EHR, in memory, built from the records at start-up."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from ehr_integration.sandbox import PATIENTS
from ehr_integration.sandbox.builder.record import build
from ehr_integration.sandbox.builder.terms import Resource
from ehr_integration.sandbox.practitioners import practitioners


@dataclass(frozen=True)
class Store:
    """Resources by type and id, in a stable order."""

    by_type: dict[str, dict[str, Resource]]

    def read(self, resource_type: str, resource_id: str) -> Resource | None:
        """Return the resource, or None where the EHR knows no such id."""
        return self.by_type.get(resource_type, {}).get(resource_id)

    def all(self, resource_type: str) -> list[Resource]:
        """Every resource of a type."""
        return list(self.by_type.get(resource_type, {}).values())


def load_store(folder: Path = PATIENTS) -> Store:
    """Return the store of every record in a folder; a record's file name is the patient's id."""
    by_type: dict[str, dict[str, Resource]] = defaultdict(dict)
    for path in sorted(folder.glob("*.toml")):
        for resource in build(path.stem, tomllib.loads(path.read_text("utf-8"))):
            by_type[resource["resourceType"]][resource["id"]] = resource
    by_type["Practitioner"] = {resource["id"]: resource for resource in practitioners()}
    return Store(dict(by_type))
