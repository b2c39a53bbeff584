"""Small ONNX files with the doors of real networks, made by the tests: untrained, or answering brightness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Node = Any


def save(path: Path, nodes: Sequence[Node], tensors: dict[str, np.ndarray], *, shape: Any, outputs: Any) -> Path:
    graph = helper.make_graph(
        list(nodes),
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(dims)) for name, dims in outputs.items()],
        [
            numpy_helper.from_array(value if value.dtype == np.int64 else value.astype(np.float32), name)
            for name, value in tensors.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
    return path


def hsemotion(path: Path, *, n_outputs: int = 10, seed: int = 0) -> Path:
    """Input and output of HSEmotion's files: (n, 3, 224, 224) to (n, outputs); what is between is a linear map of the
    face's mean colour."""
    weights = np.random.default_rng(seed).normal(0, 1, (3, n_outputs))
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["output"]),
    ]
    tensors = {"w": weights, "b": np.linspace(-0.5, 0.5, n_outputs)}
    return save(path, nodes, tensors, shape=["n", 3, 224, 224], outputs={"output": ["n", n_outputs]})


def deepface_emotion(path: Path, *, seed: int = 0) -> Path:
    """Deepface's expression network, layer by layer, with random weights: (n, 48, 48, 1) to (n, 7) probabilities."""
    rng = np.random.default_rng(seed)
    nodes, tensors, last = [helper.make_node("Transpose", ["input"], ["x0"], perm=[0, 3, 1, 2])], {}, "x0"

    def add(kind: str, weights: tuple[int, ...] | None = None, **attributes: Any) -> None:
        nonlocal last
        inputs, name = [last], f"x{len(nodes)}"
        if weights is not None:
            fan_in = float(np.prod(weights[1:] if kind == "Conv" else weights[:1]))
            tensors[f"w{name}"] = rng.normal(0, np.sqrt(2 / fan_in), weights)
            tensors[f"b{name}"] = rng.normal(0, 0.1, weights[0] if kind == "Conv" else weights[1])
            inputs += [f"w{name}", f"b{name}"]
        nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        last = name

    add("Conv", (64, 1, 5, 5))
    add("Relu")
    add("MaxPool", kernel_shape=[5, 5], strides=[2, 2])
    for n_in, n_out in ((64, 64), (64, 128)):
        for n_before in (n_in, n_out):
            add("Conv", (n_out, n_before, 3, 3))
            add("Relu")
        add("AveragePool", kernel_shape=[3, 3], strides=[2, 2])
    add("Flatten")
    for n_before, n_out in ((128, 1024), (1024, 1024)):
        add("Gemm", (n_before, n_out))
        add("Relu")
    add("Gemm", (1024, 7))
    nodes.append(helper.make_node("Softmax", [last], ["output"], axis=1))
    return save(path, nodes, tensors, shape=["n", 48, 48, 1], outputs={"output": ["n", 7]})


def retinaface(path: Path) -> Path:
    """RetinaFace's door: (1, h, w, 3) to class, box and landmark maps at three strides; white is a face."""
    nodes = [helper.make_node("Transpose", ["input"], ["x"], perm=[0, 3, 1, 2])]
    tensors: dict[str, np.ndarray] = {}
    outputs: dict[str, Sequence[Any]] = {}
    for stride in (32, 16, 8):
        nodes.append(_pool("x", f"pooled{stride}", stride))
        # background and face of two anchors; only the smaller one of the coarsest map finds anything: 256 pixels wide
        sees = 1.0 if stride == 32 else 0.0
        maps = {
            "cls": ([0, 0, 0, 10 * sees], [0, 0, 0, -9 * sees]),
            "box": ([0] * 8, [0] * 8),
            "land": ([0] * 20, [0] * 20),
        }
        for name, (slope, offset) in maps.items():
            out = f"{name}{stride}"
            nodes += _affine(f"pooled{stride}", out, np.array(slope) / 255, np.array(offset), tensors)
            nodes.append(helper.make_node("Transpose", [f"{out}_map"], [out], perm=[0, 2, 3, 1]))
            outputs[out] = [1, "h", "w", len(slope)]
    return save(path, nodes, tensors, shape=[1, "height", "width", 3], outputs=outputs)


def yunet(path: Path) -> Path:
    """YuNet's door, as OpenCV asks for it: 12 named maps of a BGR picture at three strides; white is a face."""
    nodes: list[Node] = []
    tensors: dict[str, np.ndarray] = {}
    outputs: dict[str, Sequence[Any]] = {}
    for kind, n in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
        for stride in (8, 16, 32):
            if kind == "cls":
                nodes.append(_pool("input", f"pooled{stride}", stride))
            score = kind in ("cls", "obj")
            # only the coarsest map finds anything: at stride 32, boxes exp(1.2) = 3.3 strides wide
            slope = np.full(n, 10 / 255 if score and stride == 32 else 0.0)
            offset = np.full(n, -9.0 if score and stride == 32 else 0.0)
            offset = np.array([0.5, 0.5, 1.2, 1.2]) if kind == "bbox" else offset
            out = f"{kind}_{stride}"
            nodes += _affine(f"pooled{stride}", out, slope, offset, tensors)
            nodes.append(helper.make_node("Transpose", [f"{out}_map"], [f"{out}_rows"], perm=[0, 2, 3, 1]))
            tensors[f"{out}_shape"] = np.array([1, -1, n], np.int64)
            nodes.append(helper.make_node("Reshape", [f"{out}_rows", f"{out}_shape"], [out]))
            outputs[out] = [1, "cells", n]
    return save(path, nodes, tensors, shape=[1, 3, "height", "width"], outputs=outputs)


def _pool(source: str, target: str, stride: int) -> Node:
    return helper.make_node("AveragePool", [source], [target], kernel_shape=[stride] * 2, strides=[stride] * 2)


def _affine(
    source: str, name: str, slope: np.ndarray, offset: np.ndarray, tensors: dict[str, np.ndarray]
) -> list[Node]:
    """Slope times brightness (0-255) plus offset, for each output map."""
    tensors[f"{name}_w"] = np.repeat(slope[:, None] / 3, 3, axis=1)[..., None, None]
    tensors[f"{name}_b"] = offset.astype(float)
    return [helper.make_node("Conv", [source, f"{name}_w", f"{name}_b"], [f"{name}_map"])]
