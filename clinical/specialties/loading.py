"""Specialties read from their folders: those that come with the product, then the hospital's own."""

import re
import tomllib
from pathlib import Path

from clinical.evidence.domain import Filters, Grade
from clinical.evidence.specialties import SPECIALTIES
from clinical.safety.domain import Kind
from clinical.specialties.domain import Codes, People, Specialty, Terms
from clinical.specialties.errors import SpecialtyInvalid
from clinical.specialties.fields import Fields

PACKAGED = Path(__file__).with_name("data")
TABLE, PROMPT = "specialty.toml", "prompt.md"
# A small model on a CPU reads the prompt with every draft.
LONGEST_PROMPT = 600

# The form that the engine's metrics take as a label.
NAME = re.compile(r"[a-z][a-z-]{0,31}")
LINE = re.compile(r"[^\W_][^\n\r\t]{0,79}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.]{0,15}")
TERM = re.compile(r"(?=.*[^\W_#])[^\n\r\t]{1,80}")
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MODEL = re.compile(r"[A-Za-z0-9][\w.-]{0,79}")
ICD10 = re.compile(r"[A-Z](?:[0-9](?:[0-9A-Z](?:\.[0-9A-Z]{1,4})?)?)?")
SNOMED, RXNORM, LOINC = re.compile(r"[0-9]{6,18}"), re.compile(r"[0-9]{1,8}"), re.compile(r"[0-9]{1,7}-[0-9]")
GRADES = {grade.name.lower(): grade for grade in Grade}


def load_specialties(own: Path | None = None, *, packaged: Path = PACKAGED) -> tuple[Specialty, ...]:
    """Return the specialties in the order of names; one of the hospital's own replaces the packaged one of its name.

    Raises: SpecialtyInvalid.
    """
    folders = {folder.name: folder for place in (packaged, own) if place for folder in _folders(place)}
    return tuple(read_specialty(folders[name]) for name in sorted(folders))


def read_specialty(folder: Path) -> Specialty:
    """Return the specialty of one folder. Raises: SpecialtyInvalid."""
    file = folder / TABLE
    if NAME.fullmatch(folder.name) is None:
        raise SpecialtyInvalid(folder, "name the folder with at most 32 small letters and hyphens")
    fields = Fields(_table(file), file=file)
    specialty = Specialty(
        name=folder.name,
        title=fields.text("title", LINE, "a title on one line"),
        version=fields.text("version", VERSION, 'a version such as "1"'),
        calculators=fields.texts("calculators", KEBAB, "names with small letters and hyphens"),
        safety=tuple(map(Kind, fields.choices("safety", tuple(Kind)))),
        model=fields.text("model", MODEL, "the id of a registered model", default="") or None,
        terms=_terms(fields.table("terms")),
        codes=_codes(fields.table("codes")),
        people=_people(fields.table("people")),
        corpus=_corpus(fields.table("corpus")),
        prompt=_prompt(folder / PROMPT),
    )
    fields.finish()
    return specialty


def _folders(place: Path) -> list[Path]:
    """Return the folders in a folder; what is hidden is none, and a place that is not there holds none."""
    if not place.is_dir():
        return []
    return [each for each in place.iterdir() if each.is_dir() and not each.name.startswith((".", "_"))]


def _table(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError:
        raise SpecialtyInvalid(file, "is missing or may not be read: docs/specialties.md shows one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecialtyInvalid(file, f"is no TOML ({error}): mend it") from None


def _terms(fields: Fields) -> Terms:
    kinds = ("decisive", "strong", "medicines", "weak", "ignored")
    terms = Terms(**{kind: fields.texts(kind, TERM, "a word or phrase") for kind in kinds})
    fields.finish()
    return terms


def _codes(fields: Fields) -> Codes:
    codes = Codes(
        icd10=fields.texts("icd10", ICD10, 'an ICD-10 code or what it begins with, such as "I48"'),
        snomed=frozenset(fields.texts("snomed", SNOMED, "a SNOMED CT code")),
        rxnorm=frozenset(fields.texts("rxnorm", RXNORM, "an RxNorm code")),
        loinc=frozenset(fields.texts("loinc", LOINC, 'a LOINC code such as "2160-0"')),
    )
    fields.finish()
    return codes


def _people(fields: Fields) -> People:
    people = People(
        younger_than_years=fields.positive("younger_than_years"), are_pregnant=fields.switch("are_pregnant")
    )
    fields.finish()
    return people


def _corpus(fields: Fields) -> Filters:
    corpus = Filters(
        specialties=fields.choices("specialties", SPECIALTIES),
        grades=tuple(GRADES[name] for name in fields.choices("grades", tuple(GRADES))),
        corpora=fields.texts(
            "corpora", re.compile(r"[\w.-]{1,80}"), "a corpus of `manage.py evidence corpora`"
        ),
    )
    fields.finish()
    return corpus


def _prompt(file: Path) -> str:
    """Return the addition to the drafting prompt; a specialty without the file adds nothing."""
    if not file.exists():
        return ""
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SpecialtyInvalid(file, "is no text that can be read: write UTF-8") from None
    if len(text) > LONGEST_PROMPT:
        raise SpecialtyInvalid(file, f"has {len(text)} characters: shorten it to at most {LONGEST_PROMPT}")
    return text
