"""What a specialty is, and how a question came to one."""

import hashlib
from dataclasses import dataclass, field

from clinical.evidence.domain import Filters
from clinical.safety.domain import Kind


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Words and phrases of questions; a "#" stands for a number.

    `decisive` ones outweigh an organ's ("pregnant"), `weak` ones settle what nothing else does, `ignored` ones hide the
    words in them ("childbearing" says nothing of a child). `medicines` count in a chart, too.
    """

    decisive: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Codes:
    """Codes by which a chart speaks for the specialty; of ICD-10 everything below a prefix."""

    icd10: tuple[str, ...] = ()
    snomed: frozenset[str] = frozenset()
    rxnorm: frozenset[str] = frozenset()
    loinc: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class People:
    """Whom the specialty is for, whatever the question: people younger than some age, or who are pregnant."""

    younger_than_years: float | None = None
    are_pregnant: bool = False


@dataclass(frozen=True, kw_only=True)
class Specialty:
    """One specialty as its folder says it.

    `corpus` is a preference, never a limit; `calculators` and `safety` are in the order in which they are offered;
    `prompt` is added to the drafting prompt; `model` is the id of a registered model, None for the usual one.
    """

    name: str
    title: str
    version: str
    terms: Terms = field(default_factory=Terms)
    codes: Codes = field(default_factory=Codes)
    people: People = field(default_factory=People)
    corpus: Filters = field(default_factory=Filters)
    calculators: tuple[str, ...] = ()
    safety: tuple[Kind, ...] = ()
    model: str | None = None
    prompt: str = ""

    @property
    def prompt_version(self) -> str:
        """What the audit record says of the prompt: "cardiology-1-5b3f9a10"; the digits change with any word of it."""
        digest = hashlib.sha256(self.prompt.encode()).hexdigest()[:8]
        return f"{self.name}-{self.version}-{digest}"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What speaks for a specialty: its points, and why in words without the patient."""

    specialty: Specialty
    points: float
    because: str


@dataclass(frozen=True, kw_only=True)
class Routing:
    """The specialty of a question, why, and the one that came next.

    `reason` quotes words of the question that are terms of the specialty, and nothing else of question or chart.
    """

    specialty: Specialty
    reason: str
    runner_up: Standing | None = None
    is_override: bool = False
    is_fallback: bool = False
