"""The trained network as one int8 ONNX file that needs neither torch nor transformers."""

import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from benchmarks.checker.network import Checker
from benchmarks.checker.reading import LABELS

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OPSET = 18


def export(model: Checker, path: Path) -> None:
    """Write the network to `path`: its weights int8 (each column its own scale), its activations measured as it runs."""
    model.eval().float()
    with tempfile.TemporaryDirectory() as folder:
        whole, prepared = Path(folder, "whole.onnx"), Path(folder, "prepared.onnx")
        example = tuple(torch.ones(2, 8, dtype=torch.long) for _ in INPUTS)
        torch.onnx.export(
            model,
            example,
            str(whole),
            input_names=list(INPUTS),
            output_names=list(LABELS),
            dynamic_axes={name: {0: "n", 1: "length"} for name in INPUTS}
            | {task: {0: "n"} for task in LABELS},
            opset_version=OPSET,
            dynamo=False,
        )
        quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
        small = Path(folder, "small.onnx")
        quantize_dynamic(
            str(prepared),
            str(small),
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
            per_channel=True,
            reduce_range=False,
            weight_type=QuantType.QInt8,
        )
        shutil.copyfile(small, path)
