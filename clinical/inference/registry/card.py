"""The 31 source attributes of a predictive decision support intervention, and what a model's entry says of each.

Source: 45 CFR 170.315(b)(11)(iv)(B), as made by the HTI-1 final rule (89 FR 1192, 9 January 2024). The HTI-5
proposal of 29 December 2025 would drop them; what a hospital needs to know about a model stays the same.
"""

from dataclasses import dataclass

from clinical.inference.registry.domain import RegisteredModel

DEVELOPER = "the model's developer"
VALIDATOR = "the model's developer or whoever validated it"
HOSPITAL = "the hospital that runs it"


@dataclass(frozen=True)
class SourceAttribute:
    """One attribute: its paragraph in (iv)(B), its key in a card, what it asks, and who would have to say it."""

    paragraph: str
    key: str
    asks: str
    teller: str


@dataclass(frozen=True)
class Section:
    """One numbered paragraph of (iv)(B), with its attributes in order."""

    number: int
    title: str
    attributes: tuple[SourceAttribute, ...]


@dataclass(frozen=True)
class CardLine:
    """What the registry says of one attribute. `value` is never empty: it says so where nothing is known."""

    section: Section
    attribute: SourceAttribute
    value: str
    is_known: bool


def _section(number: int, title: str, *rows: tuple[str, str, str]) -> Section:
    numerals = ("i", "ii", "iii", "iv", "v")
    attributes = (
        SourceAttribute(f"({number})({numeral})", key, asks, teller)
        for numeral, (key, asks, teller) in zip(numerals, rows, strict=False)
    )
    return Section(number, title, tuple(attributes))


SECTIONS = (
    _section(
        1,
        "Details and output of the intervention",
        ("developer", "Name and contact information of the developer", DEVELOPER),
        ("funding", "Funding source of the technical implementation for its development", DEVELOPER),
        ("output", "Value that it produces as an output", DEVELOPER),
        (
            "output_type",
            "Whether the output is a prediction, classification, recommendation, evaluation, analysis or other",
            DEVELOPER,
        ),
    ),
    _section(
        2,
        "Purpose of the intervention",
        ("intended_use", "Intended use", HOSPITAL),
        ("patients", "Intended patient population", DEVELOPER),
        ("users", "Intended users", DEVELOPER),
        (
            "decision_role",
            "Intended decision-making role: informs, augments or replaces management",
            DEVELOPER,
        ),
    ),
    _section(
        3,
        "Cautioned out-of-scope use of the intervention",
        ("cautioned_uses", "Tasks, situations or populations that users are cautioned against", DEVELOPER),
        (
            "known_risks",
            "Known risks, inappropriate settings, inappropriate uses, known limitations",
            DEVELOPER,
        ),
    ),
    _section(
        4,
        "Development details and input features",
        (
            "training_criteria",
            "Exclusion and inclusion criteria that influenced the training data",
            DEVELOPER,
        ),
        (
            "input_variables",
            "Use of the variables in (b)(11)(iv)(A)(5)-(13) (race, ethnicity, language, sexual orientation, "
            "gender identity, sex, date of birth, social determinants, health status) as input features",
            DEVELOPER,
        ),
        (
            "training_demographics",
            "Demographic representativeness of the training data by those variables",
            DEVELOPER,
        ),
        ("training_relevance", "Relevance of the training data to the intended deployed setting", DEVELOPER),
    ),
    _section(
        5,
        "Process used to ensure fairness in development",
        ("fairness_approach", "Approach taken to ensure that the output is fair", DEVELOPER),
        ("bias_approach", "Approaches to manage, reduce or eliminate bias", DEVELOPER),
    ),
    _section(
        6,
        "External validation process",
        (
            "external_source",
            "Data source, clinical setting or environment, other than that of training and testing, in which "
            "validity and fairness were assessed",
            VALIDATOR,
        ),
        ("external_party", "Party that conducted the external testing", VALIDATOR),
        ("external_demographics", "Demographic representativeness of the external data", VALIDATOR),
        ("external_process", "External validation process", VALIDATOR),
    ),
    _section(
        7,
        "Quantitative measures of performance",
        (
            "validity_same_source",
            "Validity in test data from the same source as the training data",
            DEVELOPER,
        ),
        (
            "fairness_same_source",
            "Fairness in test data from the same source as the training data",
            DEVELOPER,
        ),
        ("validity_external", "Validity in data from another source than the training data", VALIDATOR),
        ("fairness_external", "Fairness in data from another source than the training data", VALIDATOR),
        (
            "outcome_references",
            "References to evaluations of its use on outcomes (morbidity, mortality, length of stay, others)",
            VALIDATOR,
        ),
    ),
    _section(
        8,
        "Ongoing maintenance of implementation and use",
        ("validity_monitoring", "Process and frequency by which validity is monitored over time", HOSPITAL),
        ("validity_local", "Validity in local data", HOSPITAL),
        ("fairness_monitoring", "Process and frequency by which fairness is monitored over time", HOSPITAL),
        ("fairness_local", "Fairness in local data", HOSPITAL),
    ),
    _section(
        9,
        "Update and continued validation or fairness assessment schedule",
        ("update_process", "Process and frequency by which it is updated", DEVELOPER),
        (
            "correction_frequency",
            "Frequency by which its performance is corrected when risks to validity and fairness are found",
            DEVELOPER,
        ),
    ),
)

# Every entry must say its intended use in a field of its own, so a card cannot say another.
FROM_THE_ENTRY = "intended_use"
CARD_KEYS = tuple(
    each.key for section in SECTIONS for each in section.attributes if each.key != FROM_THE_ENTRY
)


def card_of(model: RegisteredModel) -> list[CardLine]:
    """Return the 31 attributes in the regulation's order, each with what the entry says or who would have to say it."""
    said = {**model.card, FROM_THE_ENTRY: model.intended_use}
    return [
        CardLine(
            section,
            each,
            said.get(each.key) or f"Not known: {each.teller} would have to say it",
            each.key in said,
        )
        for section in SECTIONS
        for each in section.attributes
    ]
