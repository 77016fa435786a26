"""What is particular about an EHR product: read from vendors.toml, applied to searches without naming anyone."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from ehr_integration.fhir.json_values import objects, texts

TABLE = Path(__file__).with_name("vendors.toml")


@dataclass(frozen=True, kw_only=True)
class Quirk:
    """One particular: about a resource type or, with `type` "*", about all; with its source."""

    note: str
    source: str
    checked: date
    type: str = "*"
    drop: tuple[str, ...] = ()
    add: Mapping[str, str] = field(default_factory=dict)
    needs_one_of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """One EHR product, how it is told, and what is particular about it."""

    id: str
    name: str
    hosts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    quirks: tuple[Quirk, ...] = ()


@cache
def vendors() -> Mapping[str, Vendor]:
    """Return the products by id. Raises: TypeError, KeyError for a table that is wrong."""
    return {name: _vendor(name, entry) for name, entry in tomllib.loads(TABLE.read_text("utf-8")).items()}


def _vendor(name: str, entry: Mapping[str, object]) -> Vendor:
    return Vendor(
        id=name,
        name=str(entry["name"]),
        hosts=tuple(texts(entry.get("hosts"))),
        words=tuple(texts(entry.get("words"))),
        quirks=tuple(
            Quirk(
                **{
                    **quirk,
                    "drop": tuple(texts(quirk.get("drop"))),
                    "needs_one_of": tuple(texts(quirk.get("needs_one_of"))),
                }
            )
            for quirk in objects(entry.get("quirks"))
        ),
    )


def recognised(*, base_url: str, software: str = "", publisher: str = "") -> Vendor | None:
    """Return the product that an address or a CapabilityStatement's words mean; None where nobody knows."""
    host = urlsplit(base_url).hostname or ""
    said = f"{software} {publisher}".lower()
    for vendor in vendors().values():
        if any(host == each or host.endswith(f".{each}") for each in vendor.hosts):
            return vendor
        if any(word in said for word in vendor.words):
            return vendor
    return None


def fitted(vendor_id: str, resource_type: str, params: Mapping[str, str]) -> dict[str, str]:
    """Return a search's parameters as the product wants them: without what it refuses, with what it needs."""
    vendor = vendors().get(vendor_id)
    found = dict(params)
    for quirk in vendor.quirks if vendor else ():
        if quirk.type in ("*", resource_type):
            found = {name: value for name, value in found.items() if name not in quirk.drop}
            found = {**quirk.add, **found}
    return found


def unmet(vendor_id: str, resource_type: str, params: Mapping[str, str]) -> Sequence[str]:
    """Return parameters of which the product needs one that a search lacks; none where it lacks nothing."""
    vendor = vendors().get(vendor_id)
    for quirk in vendor.quirks if vendor else ():
        if (
            quirk.type in ("*", resource_type)
            and quirk.needs_one_of
            and not set(quirk.needs_one_of) & set(params)
        ):
            return quirk.needs_one_of
    return ()
