"""Export a checkpoint's averaged weights as ONNX: float, int8 weights only, or int8 with dynamic activations.

python -m training.text.export --name first        # writes checkpoints/first.{float,weights,dynamic}.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from training.text.model import loaded
from training.text.train import CHECKPOINTS

SMALL = 10_000  # numbers in a matrix below which int8 saves nothing
OUTPUTS = ("sentence_embedding", "emotion_logits", "vad_raw")  # names of their own: "embedding" is taken inside BERT


def export_float(name: str) -> Path:
    """Return the path of the float32 graph: int64 ids and mask (n, n_tokens) to the three outputs."""
    model = loaded(CHECKPOINTS / f"{name}.pt")
    ids = torch.randint(1000, 2000, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0  # a mask of ones alone is traced away, and every padded vector is wrong
    batch, tokens = torch.export.Dim("batch", max=1024), torch.export.Dim("tokens", min=2, max=256)
    program = torch.onnx.export(
        model, (ids, mask), dynamo=True, input_names=["input_ids", "attention_mask"], output_names=list(OUTPUTS),
        dynamic_shapes=({0: batch, 1: tokens}, {0: batch, 1: tokens}), external_data=False, optimize=True,
    )  # fmt: skip
    path = CHECKPOINTS / f"{name}.float.onnx"
    save_program(program, path)
    return path


def save_program(program: torch.onnx.ONNXProgram, path: Path) -> None:
    """Write an exported graph without the source paths of this machine, half a megabyte."""
    program.save(str(path))
    graph = onnx.load(str(path))
    del graph.metadata_props[:]
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(graph, str(path))


def quantize_weights(source: Path, target: Path) -> None:
    """Store every matrix as int8 with one scale per output channel (per row in the word table), computed in float32.

    Nothing about an input is quantised, so a sentence's numbers cannot depend on what it is batched with.
    """
    model = onnx.load(str(source))
    graph = model.graph
    weights = {i.name: i for i in graph.initializer if int(np.prod(i.dims)) >= SMALL}
    for node in list(graph.node):
        if node.op_type == "Gather" and node.input[0] in weights and weights[node.input[0]].dims[0] > 1000:
            _quantize_table(graph, node, weights[node.input[0]])
        elif node.op_type == "Gemm" and node.input[1] in weights:
            _quantize_matrix(graph, node, weights[node.input[1]], axis=0 if _transposed(node) else 1)
        elif node.op_type == "MatMul" and node.input[1] in weights:
            _quantize_matrix(graph, node, weights[node.input[1]], axis=1)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def _transposed(node: onnx.NodeProto) -> bool:
    return any(a.name == "transB" and a.i for a in node.attribute)


def _rounded(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 values and float32 scales, symmetric, one scale per index of `axis`."""
    scale = np.abs(matrix).max(axis=1 - axis) / 127.0
    scale = np.maximum(scale, 1e-12).astype(np.float32)
    shape = (-1, 1) if axis == 0 else (1, -1)
    return np.clip(np.rint(matrix / scale.reshape(shape)), -127, 127).astype(np.int8), scale


def _quantize_matrix(graph: onnx.GraphProto, node: onnx.NodeProto, weight: onnx.TensorProto, *, axis: int) -> None:
    values, scale = _rounded(numpy_helper.to_array(weight), axis)
    base = weight.name
    if f"{base}_q" not in {i.name for i in graph.initializer}:
        graph.initializer.extend(
            [numpy_helper.from_array(values, f"{base}_q"), numpy_helper.from_array(scale, f"{base}_s")]
        )
        graph.initializer.remove(weight)
        graph.node.insert(0, helper.make_node("DequantizeLinear", [f"{base}_q", f"{base}_s"], [f"{base}_d"], axis=axis))
    node.input[1] = f"{base}_d"


def _quantize_table(graph: onnx.GraphProto, node: onnx.NodeProto, weight: onnx.TensorProto) -> None:
    """Gather int8 rows and their scales, and multiply only what was gathered: the table stays int8 in memory."""
    values, scale = _rounded(numpy_helper.to_array(weight), 0)
    base, index, out = weight.name, node.input[1], node.output[0]
    graph.initializer.extend([numpy_helper.from_array(values, f"{base}_q"),
                              numpy_helper.from_array(scale.reshape(-1, 1), f"{base}_s")])  # fmt: skip
    graph.initializer.remove(weight)
    position = list(graph.node).index(node)
    graph.node.remove(node)
    made = [
        helper.make_node("Gather", [f"{base}_q", index], [f"{out}_rows"], axis=0),
        helper.make_node("Gather", [f"{base}_s", index], [f"{out}_scales"], axis=0),
        helper.make_node("Cast", [f"{out}_rows"], [f"{out}_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}_float", f"{out}_scales"], [out]),
    ]
    for offset, new in enumerate(made):
        graph.node.insert(position + offset, new)


def quantize_activations(source: Path, target: Path) -> None:
    """Store int8 weights and quantise activations at run time (MatMulInteger): less work, batch dependent."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    middle = target.with_suffix(".tmp.onnx")
    quantize_dynamic(str(source), str(middle), per_channel=True, reduce_range=False,
                     weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])  # fmt: skip
    quantize_weights(middle, target)  # what is left in float: the word table
    middle.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    path = export_float(args.name)
    quantize_weights(path, CHECKPOINTS / f"{args.name}.weights.onnx")
    quantize_activations(path, CHECKPOINTS / f"{args.name}.dynamic.onnx")
    for kind in ("float", "weights", "dynamic"):
        made = CHECKPOINTS / f"{args.name}.{kind}.onnx"
        print(f"{made.name} {made.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
