"""JSON bodies as FHIR resources: one document, or one a line (NDJSON). What is ambiguous is refused."""

import json
from typing import Any, NoReturn

from ehr_integration.errors import ChartRefusal, ChartRefused
from ehr_integration.fhir.json_values import no_name_twice

MAX_BYTES = 64 * 1024 * 1024


def read_json(body: bytes) -> list[Any]:
    """Return the JSON values of a body, the items of a list one by one.

    Raises: ChartRefused, for what is too large or too deep, not JSON, or says a name twice in one object.
    """
    if len(body) > MAX_BYTES:
        raise ChartRefused(
            ChartRefusal.TOO_LARGE,
            f"More than {MAX_BYTES // 1024 // 1024} MiB of JSON: send the record in smaller parts",
        )
    try:
        values = _values(body)
    except RecursionError:
        raise ChartRefused(
            ChartRefusal.TOO_DEEP, "JSON nested too deeply: no FHIR resource is, report it to the sender"
        ) from None
    except ValueError:  # of the decoder, of UTF-8, or ours; it may quote the record, so it is not passed on
        raise ChartRefused(
            ChartRefusal.NOT_JSON,
            "Not JSON as FHIR has it (a number that is none, a name twice, broken text): send FHIR JSON",
        ) from None
    return values[0] if len(values) == 1 and isinstance(values[0], list) else values


def _values(body: bytes) -> list[Any]:
    text = body.decode("utf-8-sig")
    try:
        return [_load(text)]
    except json.JSONDecodeError as error:
        if error.msg != "Extra data" or "\n" not in text:
            raise
    return [_load(line) for line in text.split("\n") if line.strip()]


def _load(text: str) -> Any:  # noqa: ANN401
    return json.loads(text, object_pairs_hook=no_name_twice, parse_constant=_refuse)


def _refuse(_: str) -> NoReturn:
    raise ValueError
