"""The bytes of a document as XML, safely: no DTD, no entities, no network, and bounds on size and depth."""

from xml.parsers import expat

from lxml import etree

from ehr_integration.ccda.elements import CDA, Element
from ehr_integration.errors import ChartRefusal, DocumentRefused

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 300_000
MAX_ATTRIBUTES = 100


def parse_document(body: bytes) -> Element:
    """Return the ClinicalDocument.

    Raises: DocumentRefused, for XML that is not well-formed or not CDA, has a DTD, or is too large or too deep.
    """
    if len(body) > MAX_BYTES:
        raise _refused(ChartRefusal.TOO_LARGE, f"more than {MAX_BYTES // 1024 // 1024} MiB: send its parts")
    _check_bounds(body)
    # The bounds were checked by expat; nothing that a DTD could define is left to resolve.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _refused(ChartRefusal.UNKNOWN_FORMAT, "not well-formed XML: send it again") from None
    if root.tag != f"{CDA}ClinicalDocument":
        raise _refused(ChartRefusal.UNKNOWN_FORMAT, "no ClinicalDocument of urn:hl7-org:v3: send C-CDA R2.1")
    return root


class _Bounds:
    """Counts while expat reads; raises at the first thing that is not allowed, before it takes effect."""

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Go one deeper."""
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise _refused(
                ChartRefusal.TOO_DEEP, f"nested more than {MAX_DEPTH} deep: send a document as C-CDA has it"
            )
        if self.elements > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES:
            raise _refused(ChartRefusal.TOO_LARGE, "too many elements or attributes: send its parts")

    def end(self, name: str) -> None:
        """Come back."""
        self.depth -= 1

    @staticmethod
    def doctype(*declared: object) -> None:
        """Refuse any DTD: entities and external files begin there."""
        raise _refused(ChartRefusal.UNKNOWN_FORMAT, "a DTD, which CDA does not have: remove the DOCTYPE")


def _check_bounds(body: bytes) -> None:
    bounds, reader = _Bounds(), expat.ParserCreate()
    reader.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    reader.StartElementHandler, reader.EndElementHandler = bounds.start, bounds.end
    reader.StartDoctypeDeclHandler = bounds.doctype
    try:
        reader.Parse(body, True)  # noqa: FBT003 - expat takes it by position
    except (expat.ExpatError, ValueError, LookupError):
        raise _refused(ChartRefusal.UNKNOWN_FORMAT, "not well-formed XML: send it again") from None


def _refused(code: str, message: str) -> DocumentRefused:
    return DocumentRefused(code, message, section="ClinicalDocument")
