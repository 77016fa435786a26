"""Small invented C-CDA documents."""

HEAD = (
    '<recordTarget><patientRole><id root="1.2.3" extension="4711"/><patient><name><given>Berta</given>'
    '<family>Adler</family></name><administrativeGenderCode code="F"/><birthTime value="19620320"/></patient>'
    "</patientRole></recordTarget>"
)
SNOMED, RXNORM, LOINC = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.88", "2.16.840.1.113883.6.1"
PROBLEM = '<templateId root="2.16.840.1.113883.10.20.22.4.4"/>'
ALLERGY = '<templateId root="2.16.840.1.113883.10.20.22.4.7"/>'


def document(*sections, head=HEAD, prolog=""):
    """Return the bytes of a document."""
    body = "".join(f"<component>{section}</component>" for section in sections)
    return (
        f'{prolog}<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<effectiveTime value="20240501"/>{head}'
        f"<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"
    ).encode()


def section(code, *entries, text=""):
    """Return a section."""
    listed = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<section><code code="{code}" codeSystem="{LOINC}"/><text>{text}</text>{listed}</section>'


def coded(name, code, system, display):
    """Return a coded element."""
    return f'<{name} xsi:type="CD" code="{code}" codeSystem="{system}" displayName="{display}"/>'
