"""Chat templates, pinned: what stands around each message. The template inside a model file is never run.

A GGUF's template is a program from a stranger (CVE-2024-34359). Each one here is tested against llama.cpp's own
rendering of the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ChatTemplate:
    """What is written before and after a message of each role, and what begins the answer.

    `starts_with_bos` puts the vocabulary's own begin-of-sequence token first. With `has_system` false the system
    message goes into the first user message, as the model was trained.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]
    answer: str
    starts_with_bos: bool = False
    has_system: bool = True


def _by_role(system: str, user: str, assistant: str) -> Mapping[str, str]:
    return {"system": system, "user": user, "assistant": assistant}


TEMPLATES: Mapping[str, ChatTemplate] = {
    # SmolLM2, Qwen, and many others.
    "chatml": ChatTemplate(
        before=_by_role("<|im_start|>system\n", "<|im_start|>user\n", "<|im_start|>assistant\n"),
        after=_by_role("<|im_end|>\n", "<|im_end|>\n", "<|im_end|>\n"),
        answer="<|im_start|>assistant\n",
    ),
    # Llama 3, OpenBioLLM, Med42 v2.
    "llama3": ChatTemplate(
        before=_by_role(
            "<|start_header_id|>system<|end_header_id|>\n\n",
            "<|start_header_id|>user<|end_header_id|>\n\n",
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
        after=_by_role("<|eot_id|>", "<|eot_id|>", "<|eot_id|>"),
        answer="<|start_header_id|>assistant<|end_header_id|>\n\n",
        starts_with_bos=True,
    ),
    # Gemma, MedGemma.
    "gemma": ChatTemplate(
        before=_by_role("", "<start_of_turn>user\n", "<start_of_turn>model\n"),
        after=_by_role("\n\n", "<end_of_turn>\n", "<end_of_turn>\n"),
        answer="<start_of_turn>model\n",
        starts_with_bos=True,
        has_system=False,
    ),
    # Mistral, BioMistral.
    "mistral": ChatTemplate(
        before=_by_role("", " [INST] ", " "),
        after=_by_role("\n\n", " [/INST]", "</s>"),
        answer="",
        starts_with_bos=True,
        has_system=False,
    ),
    # Models that were never taught to converse, such as BioGPT: the text, and on.
    "plain": ChatTemplate(
        before=_by_role("", "", ""), after=_by_role("\n", "", "\n"), answer="", starts_with_bos=True
    ),
}
