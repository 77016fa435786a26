"""A claim about some people is not supported by a study of others, nor one about people by a study of animals."""

import re

from clinical.evidence.checking.domain import Reason
from clinical.evidence.checking.rules.objection import Objection, surroundings
from clinical.evidence.domain import Passage, Source


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE)


_PEOPLE = _any_of(
    "humans? patients? people persons? participants? women woman men man adults? children child infants? adolescents? "
    "volunteers? mothers? elderly individuals? clinicians? physicians? outpatients? inpatients?"
)
_ANIMALS = _any_of(
    "mice mouse murine rats? rodents? rabbits? pigs? porcine swine dogs? canine sheep ovine monkeys? macaques? primates? "
    "zebrafish drosophila yeast elegans xenopus hamsters? ferrets? chickens? knockout transgenic"
)
_CELLS = _any_of("vitro cells? lines? cultured culture fibroblasts? hela hek293 explants? organoids?")
# Groups that exclude each other; a claim about one is not carried by a quote about another.
_GROUPS = (
    (
        _any_of("children child childhood pa?ediatric infants? infancy neonat\\w+ newborns? adolescents? toddlers? preschool\\w* boys girls"),
        _any_of("adults? adulthood elderly older geriatric aged"),
    ),
    (_any_of("women woman females? girls? pregnan\\w+ postmenopausal mothers? maternal"), _any_of("men man males? boys?")),
)  # fmt: skip


def objects(claim: str, passage: Passage) -> Objection | None:
    """Return the objection where quote and source are about others than the claim names."""
    if _is_about_people(claim) and _is_without_people(passage):
        return Objection(Reason.NOT_HUMAN)
    return Objection(Reason.OTHER_POPULATION) if _is_other_group(claim, passage) else None


def _is_about_people(claim: str) -> bool:
    return _PEOPLE.search(claim) is not None and _ANIMALS.search(claim) is None


def _is_without_people(passage: Passage) -> bool:
    """Whether the quote, or with no word of people the whole source, reports on animals or cells."""
    source = passage.source
    if "Humans" in source.mesh:
        return _ANIMALS.search(passage.quote) is not None and _PEOPLE.search(passage.quote) is None
    read = f"{passage.quote} {surroundings(passage)}"
    if _PEOPLE.search(read):
        return False
    return "Animals" in source.mesh or _ANIMALS.search(read) is not None or _only_cells(read, source)


def _only_cells(read: str, source: Source) -> bool:
    return _CELLS.search(read) is not None and _PEOPLE.search(source.text) is None


def _is_other_group(claim: str, passage: Passage) -> bool:
    read = f"{passage.quote} {surroundings(passage)} {' '.join(passage.source.mesh)}"
    for pair in _GROUPS:
        for named, other in (pair, pair[::-1]):
            is_claimed = named.search(claim) and not other.search(claim)
            if (
                is_claimed
                and not named.search(read)
                and other.search(f"{passage.quote} {surroundings(passage)}")
            ):
                return True
    return False
