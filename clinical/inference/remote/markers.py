"""Control markers of the known template families: text that a remote server may take for a change of speaker.

The engine of our own tokenises content apart from the template, so a marker in a note stays text. A remote server
puts our messages into its template first and tokenises the whole, and then `<|im_start|>` in a note is a real role
marker. So content with a marker is refused before it leaves.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from clinical.inference.domain import Message, Refusal
from clinical.inference.remote.errors import ServerRefused

# Every family that writes its markers as <|...|>: ChatML (SmolLM2, Qwen), Llama 3 and 4, Phi, Command R, Granite,
# gpt-oss, GLM, OLMo, Nemotron; with U+FF5C in place of the bar DeepSeek. Gemma 4 has <|turn> and <turn|>.
_BARRED = re.compile(r"<\|[^<>]{0,64}>|<[^<>]{0,64}\|>")

# Source: the special tokens and chat templates that the named models publish.
MARKERS: Mapping[str, tuple[str, ...]] = {
    "SentencePiece vocabularies (Llama 2, Mistral, Gemma 1 to 3, BioGPT)": (
        "<s>",
        "</s>",
        "<unk>",
        "<pad>",
        "<mask>",
        "<bos>",
        "<eos>",
    ),
    "Llama 2": ("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"),
    "Mistral": (
        "[SYSTEM_PROMPT]",
        "[/SYSTEM_PROMPT]",
        "[AVAILABLE_TOOLS]",
        "[/AVAILABLE_TOOLS]",
        "[TOOL_CALLS]",
        "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]",
        "[TOOL_CONTENT]",
        "[MODEL_SETTINGS]",
        "[/MODEL_SETTINGS]",
        "[ARGS]",
        "[CALL_ID]",
        "[THINK]",
        "[/THINK]",
        "[IMG]",
        "[IMG_BREAK]",
        "[IMG_END]",
        "[PREFIX]",
        "[MIDDLE]",
        "[SUFFIX]",
        "[AUDIO]",
        "[BEGIN_AUDIO]",
    ),
    "Gemma 1 to 3": (
        "<start_of_turn>",
        "<end_of_turn>",
        "<start_of_image>",
        "<end_of_image>",
        "<image_soft_token>",
    ),
    "Command R": ("<BOS_TOKEN>", "<EOS_TOKEN>", "<PAD_TOKEN>"),
    "Qwen, DeepSeek and other reasoners and tool users": (
        "<think>",
        "</think>",
        "<tool_call>",
        "</tool_call>",
        "<tool_response>",
        "</tool_response>",
        "<tools>",
        "</tools>",
    ),
    "GLM": ("[gMASK]", "[sMASK]", "[MASK]", "<sop>", "<eop>"),
    "SmolLM2, StarCoder": (
        "<repo_name>",
        "<reponame>",
        "<file_sep>",
        "<filename>",
        "<gh_stars>",
        "<issue_start>",
        "<issue_comment>",
        "<issue_closed>",
        "<jupyter_start>",
        "<jupyter_text>",
        "<jupyter_code>",
        "<jupyter_output>",
        "<jupyter_script>",
        "<empty_output>",
    ),
    "llama.cpp's place for an image": ("<__media",),
    "vLLM's places for an image": ("<image>", "<video>", "<audio>"),
}
# Some that the first pattern covers, to see which family a vocabulary is of.
BARRED_EXAMPLES = (
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<|eot_id|>",
    "<|header_start|>",
    "<|start|>",
    "<|end|>",
    "<|user|>",
    "<|assistant|>",
    "<|START_OF_TURN_TOKEN|>",
    "<|start_of_role|>",
    "<|turn>",
    "<\uff5cUser\uff5c>",
)
KNOWN = tuple(marker for family in MARKERS.values() for marker in family)


def find_marker(text: str, more: Iterable[str] = ()) -> str | None:
    """Return a control marker that the text holds, also where Unicode disguises it; None where it holds none."""
    markers = (*KNOWN, *more)
    # Tokenizers that normalise do so before they look for markers.
    for form in {text, _plain(text)}:
        if barred := _BARRED.search(form):
            return barred.group()
        if found := next((marker for marker in markers if marker in form), None):
            return found
    return None


def check_messages(messages: Iterable[Message], more: Iterable[str] = ()) -> None:
    """Raise where a message holds a control marker. `more` names markers of the server's own vocabulary.

    Raises: ServerRefused.
    """
    for message in messages:
        if find_marker(message.content, more) is not None:
            raise ServerRefused(
                Refusal.HOSTILE_TEXT,
                "a message holds a control marker of a chat template, which the model server could take for a "
                "change of speaker: remove it from the text",
            )


def _plain(text: str) -> str:
    """Return the text as a normalising tokenizer reads it: compatibility forms folded, invisible ones gone."""
    folded = unicodedata.normalize("NFKC", text)
    return folded if folded.isascii() else "".join(c for c in folded if unicodedata.category(c) != "Cf")
