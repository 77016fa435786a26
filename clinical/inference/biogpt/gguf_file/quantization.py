"""Smaller weights, by llama.cpp's own quantizer."""

import ctypes
from pathlib import Path

import llama_cpp

from clinical.inference.biogpt.errors import GgufNotWritten, QuantizationUnknown
from clinical.inference.llama.log import complaints

# Those that need no importance matrix, from the most exact to the smallest.
QUANTIZATIONS = {
    "F16": llama_cpp.LLAMA_FTYPE_MOSTLY_F16,
    "BF16": llama_cpp.LLAMA_FTYPE_MOSTLY_BF16,
    "Q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
    "Q6_K": llama_cpp.LLAMA_FTYPE_MOSTLY_Q6_K,
    "Q5_1": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_1,
    "Q5_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_0,
    "Q5_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "Q5_K_S": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_K_S,
    "Q4_1": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_1,
    "Q4_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0,
    "Q4_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "Q4_K_S": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_S,
    "Q3_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q3_K_M,
}


def check_quantization(name: str) -> str:
    """Return the type's name as llama.cpp spells it. Raises: QuantizationUnknown."""
    if name.upper() not in QUANTIZATIONS:
        raise QuantizationUnknown(
            f"There is no quantization {name!r}: choose one of {', '.join(QUANTIZATIONS)}"
        )
    return name.upper()


def quantize_gguf(source: Path, target: Path, quantization: str) -> None:
    """Write the source's weights to the target in another type. Raises: QuantizationUnknown, GgufNotWritten."""
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = QUANTIZATIONS[check_quantization(quantization)]
    with complaints() as heard:
        code = llama_cpp.llama_model_quantize(
            str(source).encode(), str(target).encode(), ctypes.byref(parameters)
        )
    if code:
        raise GgufNotWritten(f"llama.cpp could not write {quantization} and said: {heard.reason}")
