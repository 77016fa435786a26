"""One answer of the EHR that is examined, and what a searchset holds, read leniently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from ehr_integration.fhir.json_values import object_in, objects, text


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer; `status` 0 says that there was none. `document` is empty where it is no JSON object.

    `first_byte_ms` is the time until the headers were there.
    """

    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)
    milliseconds: float = 0.0
    first_byte_ms: float = 0.0
    issue_code: str = ""
    is_late: bool = False

    @property
    def said(self) -> str:
        """What came back, in words."""
        if not self.status:
            return "nothing in time" if self.is_late else "nothing"
        return f"{self.status}, {self.issue_code}" if self.issue_code else str(self.status)

    @property
    def is_searchset(self) -> bool:
        """Whether it is a Bundle, as a search answers."""
        return self.status == 200 and self.document.get("resourceType") == "Bundle"

    def resources(self, resource_type: str) -> list[dict[str, Any]]:
        """Return the resources of a type in a Bundle; what was included or is no resource is left out."""
        entries = objects(self.document.get("entry"))
        matches = objects([each.get("resource") for each in entries if _mode(each) in ("", "match")])
        return [each for each in matches if each.get("resourceType") == resource_type]

    def link(self, relation: str) -> str:
        """Return the address of a Bundle's link, "" where it has none."""
        named = (each for each in objects(self.document.get("link")) if each.get("relation") == relation)
        return next((url for each in named if (url := text(each.get("url")))), "")

    def understood(self) -> frozenset[str]:
        """Return the names of the parameters in the self link; none where it says nothing."""
        try:
            return frozenset(parse_qs(urlsplit(self.link("self")).query, keep_blank_values=True))
        except ValueError:
            return frozenset()


NO_REPLY = Reply()


def _mode(entry: Mapping[str, Any]) -> str:
    return str(object_in(entry.get("search")).get("mode", ""))
