"""The cover: one or two pages for reading, that say who asked for what, what is there, and how to verify it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from audit.export.counting import Counts

MARGIN_POINTS, GAP_POINTS = 54, 10
LABEL_WIDTH_POINTS, VALUE_WIDTH_POINTS = 130, 350
STYLES = getSampleStyleSheet()
HOW_TO_VERIFY = (
    "python verifier.py PACKAGE --key KEY --checkpoint FILE. Take verifier, key and checkpoint from where you keep "
    "them, not from this package; README.txt says more. This page is vouched for by the signature of the manifest "
    "alone: what counts is what the verifier says."
)


def cover_pdf(manifest: Mapping[str, Any], counts: Counts) -> bytes:
    """Return the cover as a PDF. It names whoever was asked about."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        title="Export of the audit record",
        author=printable(manifest["requested_by"]),
        leftMargin=MARGIN_POINTS,
        rightMargin=MARGIN_POINTS,
    )
    document.build(list(_story(manifest, counts)))
    return buffer.getvalue()


def printable(value: object) -> str:
    """Return text for the fonts that every PDF reader has; other letters as their code points."""
    return str(value).encode("latin-1", "backslashreplace").decode("latin-1")


def _story(manifest: Mapping[str, Any], counts: Counts) -> Iterable[Flowable]:
    yield Paragraph("Export of the audit record", STYLES["Title"])
    yield _table(_facts(manifest))
    yield Paragraph("What was asked for", STYLES["Heading2"])
    yield _table(_question(manifest["query"]))
    yield Paragraph("What is in it", STYLES["Heading2"])
    yield _table([(name.capitalize(), str(value)) for name, value in manifest["counts"].items()])
    for title, counter in (
        ("Outcome", counts.outcomes),
        ("Action", counts.actions),
        ("Day (UTC)", counts.days),
    ):
        yield Spacer(0, GAP_POINTS)
        yield _table([(title, "Events"), *((name, str(count)) for name, count in sorted(counter.items()))])
    yield Paragraph("How to verify it", STYLES["Heading2"])
    yield Paragraph(HOW_TO_VERIFY, STYLES["BodyText"])


def _facts(manifest: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    checkpoint, places = manifest["checkpoint"], manifest["range"]
    return [
        ("Ledger", manifest["origin"]),
        ("Requested by", manifest["requested_by"]),
        ("Made", manifest["created"]),
        ("Entries of the record", f"{places['start']} to {places['end'] - 1} of {checkpoint['size']}"),
        ("Root of the tree", checkpoint["root"]),
    ]


def _question(query: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    emergency = {None: "all", True: "only emergencies", False: "no emergencies"}[query["emergency"]]
    return [
        ("From, until before", f"{query['since']}, {query['until']}"),
        *((name.capitalize(), value) for name, value in query["values"].items()),
        ("Outcomes", ", ".join(query["outcomes"]) or "all"),
        ("Emergency access", emergency),
    ]


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    cells = [[Paragraph(escape(printable(cell)), STYLES["BodyText"]) for cell in row] for row in rows]
    style = TableStyle(
        [("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
    return Table(cells, colWidths=[LABEL_WIDTH_POINTS, VALUE_WIDTH_POINTS], style=style, hAlign="LEFT")
