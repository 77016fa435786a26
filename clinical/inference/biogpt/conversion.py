"""From a Hugging Face checkpoint of BioGPT to a GGUF that llama.cpp runs as a GPT-2.

Weights are written in float32 unless asked otherwise: published checkpoints hold float32, so nothing is lost, the
comparison with `transformers` checks the mapping alone, and every smaller type starts from the exact numbers.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from gguf import GGUFWriter, LlamaFileType

from clinical.inference.biogpt.checkpoint.configuration import (
    LAYER_NORM_EPSILON,
    Configuration,
    read_configuration,
)
from clinical.inference.biogpt.checkpoint.vocabulary import Vocabulary, read_vocabulary
from clinical.inference.biogpt.checkpoint.weights import open_checkpoint
from clinical.inference.biogpt.errors import GgufNotWritten
from clinical.inference.biogpt.gguf_file.mapping import MappedTensor, expected_shapes, mapped_tensors
from clinical.inference.biogpt.gguf_file.output_file import check_output, complete_file, scratch_file
from clinical.inference.biogpt.gguf_file.quantization import check_quantization, quantize_gguf
from clinical.inference.biogpt.gguf_file.vocabulary import add_vocabulary

Progress = Callable[[int, int], None]

# The writer tells each path that it writes; here that is a temporary one.
logging.getLogger("gguf").setLevel(logging.WARNING)

# Room for metadata, and for a quantized file beside the full one: at most 17 of 32 bits (F16, BF16 and below).
METADATA_BYTES = 32 * 1024 * 1024
QUANTIZED_SHARE = 0.54


def import_biogpt(
    checkpoint: Path,
    out: Path,
    *,
    quantize: str | None = None,
    overwrite: bool = False,
    on_progress: Progress | None = None,
) -> None:
    """Write the checkpoint folder as a GGUF of BioGPT, whole or not at all.

    `quantize` names a type of llama.cpp, such as Q8_0. `on_progress` is told the bytes of float32 weights that are
    written, and all there are; quantizing comes after the last of them.
    Raises: CheckpointError, GgufExists, GgufNotWritten, QuantizationUnknown.
    """
    quantization = check_quantization(quantize) if quantize else None
    configuration, vocabulary = read_configuration(checkpoint), read_vocabulary(checkpoint)
    weights = open_checkpoint(checkpoint)
    weights.check(expected_shapes(configuration, weights))
    tensors = mapped_tensors(configuration, weights)
    writer = _Writer(configuration, vocabulary, tensors, on_progress or _ignore)
    check_output(out, overwrite=overwrite, size_bytes=_size_bytes(tensors, quantization))
    with complete_file(out, overwrite=overwrite) as temporary:
        if quantization is None:
            writer.write(temporary)
            return
        with scratch_file(out) as full:
            writer.write(full)
            quantize_gguf(full, temporary, quantization)


class _Writer:
    """Writes one GGUF, one tensor in memory at a time."""

    def __init__(
        self,
        configuration: Configuration,
        vocabulary: Vocabulary,
        tensors: Sequence[MappedTensor],
        on_progress: Progress,
    ) -> None:
        self._configuration = configuration
        self._vocabulary = vocabulary
        self._tensors = tensors
        self._on_progress = on_progress

    def write(self, file: Path) -> None:
        writer = GGUFWriter(file, "gpt2")
        add_sizes(writer, self._configuration)
        add_vocabulary(writer, self._vocabulary, size=self._configuration.vocabulary_size)
        for tensor in self._tensors:
            writer.add_tensor_info(tensor.name, tensor.shape, np.dtype(np.float32), tensor.size_bytes)
        try:
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_ti_data_to_file()
            self._write_tensors(writer)
        except OSError as error:
            raise GgufNotWritten(f"{file.parent} cannot be written: {error.strerror}") from error
        finally:
            writer.close()

    def _write_tensors(self, writer: GGUFWriter) -> None:
        total = sum(tensor.size_bytes for tensor in self._tensors)
        done = 0
        for tensor in self._tensors:
            writer.write_tensor_data(tensor.read())
            done += tensor.size_bytes
            self._on_progress(done, total)


def add_sizes(writer: GGUFWriter, configuration: Configuration) -> None:
    """Add what llama.cpp must know of the network."""
    writer.add_name("BioGPT")
    writer.add_file_type(LlamaFileType.ALL_F32)
    writer.add_context_length(configuration.positions)
    writer.add_embedding_length(configuration.width)
    writer.add_feed_forward_length(configuration.inner_width)
    writer.add_block_count(configuration.layers)
    writer.add_head_count(configuration.heads)
    writer.add_layer_norm_eps(LAYER_NORM_EPSILON)


def _size_bytes(tensors: Sequence[MappedTensor], quantization: str | None) -> int:
    full = sum(tensor.size_bytes for tensor in tensors) + METADATA_BYTES
    return full if quantization is None else full + int(full * QUANTIZED_SHARE)


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""
