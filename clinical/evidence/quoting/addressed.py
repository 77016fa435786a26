"""Sentences that are addressed to a machine or a reader, and so are no finding: they are never quoted (prompt injection).

A text that is quoted becomes a statement to a clinician. Literature reports; it does not ask, order or program. Source:
OWASP Top 10 for LLM Applications, LLM01 (indirect prompt injection).
"""

import re

# In any text: what speaks to whoever answers, or is code.
TO_A_MACHINE = re.compile(
    r"\byour (?:\w+ )?(?:response|answer|reply|message|solution|code\w*|implementation|algorithm|output|elucidation|instructions|system prompt|programming)\b"
    r"|\bcode (?:block|snippet|excerpt|section)s?\b|```|^\s*(?:import|from) [\w.]+(?: import|,|$)"
    r"|\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |these |those |every )*(?:previous|prior|above|earlier|preceding|other|instructions?|guidelines?|rules?|prompts?)\b"
    r"|\bsystem (?:message|prompt|note|override)\b|\b(?:ai|language|virtual|digital) (?:assistant|model)s?\b[^.]{0,40}\b(?:must|should|shall|please|reads?|will)\b"
    r"|\b(?:to|dear) (?:the |any |all )?(?:assistant|chatbot|llm|ai)\b|\bdo not (?:mention|reveal|disclose|tell) (?:this|that|it|anyone|the (?:message|instructions?|note|user|reader|clinician))\b|\bnew instructions?\b|\byou are (?:now )?(?:an? )?(?:ai|assistant|chatbot|dan)\b"
    r"|^\W*(?:respond|reply|answer) (?:only |always |now )?(?:with|by|in) |\b(?:respond|reply) only with\b",
    re.I,
)
# In literature also: a question, or an order to compose something.
TO_A_READER = re.compile(
    r"\?[\"'”’)\]]*\s*$"
    r"|^\W*(?:please\s+)?(?:write|draft|compose|explain|describe|translate|summari[sz]e|tell|provide|list|create|generate|develop|convert|replace|substitute"
    r"|scramble|jumble|misspell|anagram|render|rearrange|pretend|imagine|act|break down|introduce|group|combine|remove|show|say|print|output|repeat|add|include"
    r"|insert|integrate|modify|augment|enhance|download|click|visit|recommend|prescribe|tell)\b\s+(?:(?:a|an|the|all|any|me|us|every|each|this|these|letters?|words?|vowels?|random|that|to|as|down|how|why|what)\b|[\"'“])",
    re.I,
)


def is_addressed(sentence: str, *, is_literature: bool) -> bool:
    """Whether a sentence speaks to a machine or, in literature, to a reader. A guideline may order: it is written to."""
    return bool(TO_A_MACHINE.search(sentence) or (is_literature and TO_A_READER.search(sentence)))
