"""What a title or an abstract says of the design of its study: precise before complete.

A phrase counts only where authors say it of their own study ("were randomly assigned", "we searched MEDLINE"), not
where they may speak of others' ("randomised trials are needed", "previous meta-analyses").
"""

import re

from clinical.evidence.domain import Grade

_PEOPLE = r"(?:patients?|participants?|subjects|women|men|adults|children|infants|volunteers|individuals|students|nurses|clusters|practices|hospitals|centers|centres)"
# Titles of studies about guidelines, which are none.
_ABOUT_GUIDELINES = (
    r"(?!.*\b(?:adheren\w*|complian\w*|concordan\w*|apprais\w*|quality|barriers|implement\w*|review|compar\w*|"
    r"improving|challeng\w*|report\w*|survey|analysis|validation|receipt|versus)\b)"
)
_TITLES = {
    Grade.GUIDELINE: (
        rf"^{_ABOUT_GUIDELINES}(?:.*\b(?:consensus|position) (?:statements?|documents?|papers?|guidelines?)\b"
        r"|.*\bguidelines? (?:for|on|in) (?:the )?(?:diagnosis|management|treatment|prevention|use|evaluation|care)\b"
        r"|.*: (?:an? )?(?:clinical practice )?guidelines? (?:from|of|by) the\b)"
    ),
    Grade.SYSTEMATIC_REVIEW: r"\bmeta-?analys[ie]s\b|\bsystematic review\b",
    Grade.RANDOMISED_TRIAL: r"\brandomi[sz]ed\b.*\b(?:trial|study)\b",
    Grade.OBSERVATIONAL: (
        r"\bcohort\b|\bcase-control\b|\bcross-sectional\b|\bregistry\b|\b(?:pro|retro)spective\b|\bobservational\b"
    ),
    Grade.CASE_REPORT: r"\bcase (?:report|series)s?\b|\breport of (?:a|one|two|three|\d) cases?\b|: a case\b",
}
_BASES = (
    r"(?:medline|pubmed|embase|cochrane (?:library|central|database)|web of science|scopus|psycinfo|cinahl)"
)
# How authors speak of the study that the abstract is about.
_OWN = r"this|our|(?:it|study|trial|design) (?:was|is) an?|(?:conducted|performed|undertook|did) an?|(?:this|these) (?:was|is|were) an?|present"
# To divide data at random into a part to train a model and a part to test it is no trial.
_NO_MODEL = (
    r"(?![^.]{0,120}\b(?:training|validation|validate|verify|derivation|development|testing|test set)\b)"
)
_TEXTS = {
    Grade.SYSTEMATIC_REVIEW: (
        rf"\bwe (?:systematically )?search(?:ed)?\b[^.]{{0,80}}\b{_BASES}"
        rf"|\b{_BASES}\b[^.]{{0,160}}\b(?:were|was) (?:\w+ )?searched\b"
        rf"|\bsearch(?:es)? (?:of|in|was|were)\b[^.]{{0,60}}\b{_BASES}"
        r"|\bwe (?:conducted|performed|undertook|carried out|did) (?:a|an) (?:\w+ ){0,2}(?:systematic review|meta-analysis)\b"
        r"|\bthis (?:systematic review|meta-analysis|systematic literature review)\b"
        r"|\b(?:prisma|prospero) (?:guideline|statement|checklist|registration)"
    ),
    Grade.RANDOMISED_TRIAL: (
        rf"\b(?:were|was|are) (?:\w+ )?(?:randomly (?:assigned|allocated|divided|distributed)|randomi[sz]ed)\b{_NO_MODEL}"
        rf"|\b(?:allocated|assigned) (?:at random|randomly)\b{_NO_MODEL}|\bwe randomly (?:assigned|allocated)\b{_NO_MODEL}"
        rf"|\brandomi[sz]ed (?:\d+|{_PEOPLE})\b|\bin (?:a )?randomi[sz]ed (?:order|fashion|sequence|cross-?over)\b"
        rf"|\b(?:{_OWN}) (?:[\w,:-]+ ){{0,8}}randomi[sz]ed,? (?:[\w,:-]+ ){{0,6}}(?:trial|study)\b"
        r"|\brandomi[sz]ed,? (?:and )?(?:single|double|triple)[- ]blind"
    ),
    Grade.OBSERVATIONAL: (
        rf"\b(?:{_OWN}) (?:[\w,-]+ ){{0,5}}(?:cohort|case-control|cross-sectional|observational|registry-based) (?:study|analysis|survey)\b"
        rf"|\b(?:{_OWN}) (?:[\w,-]+ ){{0,4}}(?:retro|pro)spective (?:[\w,-]+ ){{0,3}}(?:study|analysis|review|cohort)\b"
        r"|\ba retrospective (?:[\w,-]+ ){0,3}(?:study|analysis|review|cohort) (?:was|of)\b"
        r"|\bwe retrospectively\b|\bretrospectively (?:reviewed|analy[sz]ed|collected|evaluated|identified|enrolled|included)\b"
        r"|\bprospectively (?:enrolled|collected|recruited|included|followed)\b"
        r"|\b(?:medical|clinical|patient|hospital) (?:records|charts) [^.]{0,60}\bwere (?:\w+ )?(?:reviewed|analy[sz]ed)\b"
    ),
    Grade.CASE_REPORT: (
        r"\bwe (?:report|describe|present) (?:on |here )?(?:a|an|the|one|two|three|four|this) (?:[\w-]+ ){0,4}(?:cases?|patients?)\b"
        r"|\b(?:a|an) \d+[- ](?:year|month|week|day)s?[- ]old\b"
        r"|\b(?:this|a) case report\b|\b(?:a|one|this) (?:rare |unusual )?case of [^.]{0,80} is (?:reported|described|presented)\b"
    ),
}
# No pattern of a grade matches a text without any of these; to look for them first is ten times as quick.
_HINTS = {
    Grade.SYSTEMATIC_REVIEW: ("search", "systematic", "meta-analysis", "prisma", "prospero"),
    Grade.RANDOMISED_TRIAL: ("random",),
    Grade.OBSERVATIONAL: (
        *("cohort", "case-control", "cross-sectional", "observational", "registry-based", "spective"),
        *("records", "charts"),
    ),
    Grade.CASE_REPORT: ("case", "patient", "old"),
}
_SYSTEMATIC = re.compile(r"\bsystematic(?:ally)?\b|\bmeta-analy|\bprisma\b|\bprospero\b")
_NARRATIVE = re.compile(r"\b(?:narrative|scoping|umbrella) (?:literature )?review")
_PLAN = re.compile(r"\bprotocol\b|\brationale and design\b", re.I)
_ANIMALS = re.compile(
    r"\b(?:rats?|mice|mouse|murine|rabbits?|dogs?|canine|cats?|pigs?|piglets?|porcine|swine|sheep|cows?|cattle|bovine|"
    r"hens?|broilers?|chickens?|poultry|fish|zebrafish|monkeys?|horses?|equine|goats?|lambs?|calves|pups?|litters?|larvae|plants?)\b",
    re.I,
)
_HUMANS = re.compile(rf"\b{_PEOPLE}\b", re.I)
_TITLE_HINTS = (
    *("guideline", "consensus", "position"),
    *("meta", "systematic", "randomi", "cohort", "case", "cross-sectional", "registry", "spective"),
    *("observational", "report of"),
)
_TITLE_PATTERNS = {grade: re.compile(pattern) for grade, pattern in _TITLES.items()}
_TEXT_PATTERNS = {grade: re.compile(pattern) for grade, pattern in _TEXTS.items()}


def is_planned(title: str) -> bool:
    """Whether the title is that of a study still to be done."""
    return _PLAN.search(title) is not None


def is_about_animals(title: str, text: str) -> bool:
    """Whether animals are named, and no people."""
    return bool(_ANIMALS.search(title) or _ANIMALS.search(text)) and not (
        _HUMANS.search(title) or _HUMANS.search(text)
    )


def design_in_title(title: str) -> Grade:
    """Return the strongest design that the title names, or OTHER."""
    lower = title.lower()
    if not any(hint in lower for hint in _TITLE_HINTS):
        return Grade.OTHER
    return next((grade for grade, pattern in _TITLE_PATTERNS.items() if pattern.search(lower)), Grade.OTHER)


def design_in_text(text: str) -> Grade:
    """Return the strongest design that the authors say is theirs, or OTHER."""
    lower = text.lower()
    hinted = (grade for grade, hints in _HINTS.items() if any(hint in lower for hint in hints))
    found = next((grade for grade in hinted if _TEXT_PATTERNS[grade].search(lower)), Grade.OTHER)
    # Narrative and scoping reviews search databases too.
    return Grade.OTHER if found is Grade.SYSTEMATIC_REVIEW and not _is_systematic(lower) else found


def _is_systematic(lower: str) -> bool:
    return _SYSTEMATIC.search(lower) is not None and _NARRATIVE.search(lower) is None
