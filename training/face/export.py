"""Write the shipped files from a finished run: `PYTHONPATH=src python -m training.face.export --name final`.

Batch normalisation is folded into the convolutions, weights are stored as int8 (one scale per output channel) or
fp16 and widened to fp32 in the graph, so that the arithmetic stays fp32. The temperature and the confusion matrix come
from the held-back tenth, read through the shipped file and the run-time module: what is measured is what ships.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from training.face.augment import augment
from training.face.data import ROOT, SPLIT_SEED, Split, split
from training.face.network import FaceNetwork
from training.face.train import as_tensor, restore

from emer.tools import face_expression

WEIGHTS = ROOT / "src" / "emer" / "tools" / "weights"
SETTLING_SEED = 0
RUSSELL_MEHRABIAN = "Russell and Mehrabian 1977, Evidence for a three-factor theory of emotions, term '{}'"
POINTS = {
    "angry": ((-0.51, 0.59, 0.25), RUSSELL_MEHRABIAN.format("angry")),
    "disgust": ((-0.60, 0.35, 0.11), RUSSELL_MEHRABIAN.format("disgusted")),
    "fear": ((-0.64, 0.60, -0.43), RUSSELL_MEHRABIAN.format("fearful")),
    "happy": ((0.81, 0.51, 0.46), RUSSELL_MEHRABIAN.format("happy")),
    "sad": ((-0.63, -0.27, -0.33), RUSSELL_MEHRABIAN.format("sad")),
    "surprise": ((0.40, 0.67, -0.13), RUSSELL_MEHRABIAN.format("surprised")),
    "neutral": ((0.0, 0.0, 0.0), "ours: the origin"),
}
TERMS = "FER2013 (Goodfellow et al. 2013), research use; only its `train` part was used, see training/face/README.md"


def fold(network: FaceNetwork) -> FaceNetwork:
    """The same function with every batch normalisation folded into the convolution before it."""
    for module in network.modules():
        if isinstance(module, nn.Sequential):
            for index in range(len(module) - 1):
                if isinstance(module[index], nn.Conv2d) and isinstance(module[index + 1], nn.BatchNorm2d):
                    module[index] = fuse_conv_bn_eval(module[index], module[index + 1])
                    module[index + 1] = nn.Identity()
    return network


@torch.no_grad()
def settle(network: FaceNetwork, faces: Tensor) -> FaceNetwork:
    """Means and variances of the normalisations anew, from `faces` (n, 1, 48, 48) in 0..1, altered but not mixed.

    Those averaged along the run come from mixed faces, too, which nobody shows it later. Chosen on the held-back tenth:
    the negative log-likelihood falls by .003.
    """
    torch.manual_seed(SETTLING_SEED)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain mean over all batches
            module.train()
    for part in faces[torch.randperm(len(faces))].split(256):
        network(augment(part))
    return network.eval()


def to_onnx(network: FaceNetwork, path: Path) -> onnx.ModelProto:
    """An fp32 graph from `faces` (n, 1, 48, 48) to `logits` (n, 7)."""
    example = torch.randn(2, 1, 48, 48)
    shapes = {"x": {0: torch.export.Dim("n", min=1, max=4096)}}
    torch.onnx.export(
        network, (example,), str(path), input_names=["faces"], output_names=["logits"],
        dynamic_shapes=shapes, dynamo=True, external_data=False, optimize=True,
    )  # fmt: skip
    return onnx.load(str(path))


def compress(model: onnx.ModelProto, storage: str) -> onnx.ModelProto:
    """Weights of 1,000 numbers and more as int8 with scales or as fp16, widened by nodes that fold at loading."""
    graph, nodes = model.graph, []
    for tensor in list(graph.initializer):
        weight = numpy_helper.to_array(tensor)
        if weight.dtype != np.float32 or weight.size < 1000:
            continue
        graph.initializer.remove(tensor)
        if storage == "fp16":
            graph.initializer.append(numpy_helper.from_array(weight.astype(np.float16), tensor.name + "_fp16"))
            nodes.append(helper.make_node("Cast", [tensor.name + "_fp16"], [tensor.name], to=TensorProto.FLOAT))
            continue
        scale = np.abs(weight).max(axis=tuple(range(1, weight.ndim)), keepdims=True) / 127
        whole = np.clip(np.round(weight / scale), -127, 127).astype(np.int8)
        graph.initializer.append(numpy_helper.from_array(whole, tensor.name + "_int8"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), tensor.name + "_scale"))
        nodes.append(helper.make_node("Cast", [tensor.name + "_int8"], [tensor.name + "_wide"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [tensor.name + "_wide", tensor.name + "_scale"], [tensor.name]))
    for index, node in enumerate(nodes):
        graph.node.insert(index, node)
    del graph.value_info[:]
    for node in graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.checker.check_model(model, full_check=True)
    return model


def fit_temperature(scores: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The temperature of least negative log-likelihood (Guo et al. 2017), by golden-section search over .3 to 3."""

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        return float(-scaled[np.arange(len(labels)), labels].mean())

    low, high, golden = 0.3, 3.0, (np.sqrt(5) - 1) / 2
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return round((low + high) / 2, 4)


def write_card(path: Path, card: dict[str, object]) -> None:
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    face_expression._card.cache_clear()
    face_expression._session.cache_clear()


def card_of(name: str, parts: Split, digest: str) -> dict[str, object]:
    classes = face_expression.CLASSES
    shares = np.bincount(parts.train.labels, minlength=len(classes)) / len(parts.train.labels)
    return {
        "name": face_expression.MODEL_NAME, "version": face_expression.MODEL_VERSION, "run": name, "sha256": digest,
        "input": {"size": 48, "colour": "grey", "scaling": "zero mean, unit variance per face",
                  "views": "the face as it is"},
        "classes": list(classes), "class_shares": dict(zip(classes, shares.round(5).tolist(), strict=True)),
        "temperature": 1.0, "confusion": np.eye(len(classes)).tolist(),
        "vad": {key: {"point": list(point), "source": source} for key, (point, source) in POINTS.items()},
        "data": {"n_train": len(parts.train.labels), "n_held_back": len(parts.held.labels), "split_seed": SPLIT_SEED,
                 "terms": TERMS},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--storage", choices=("int8", "fp16"), default="int8")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    face_expression._WEIGHTS = options.out
    weights, meta, parts = options.out / "face_expression.onnx", options.out / "face_expression.json", split()
    network = settle(restore(options.name), as_tensor(parts.train))
    model = compress(to_onnx(fold(network), weights), options.storage)
    weights.write_bytes(model.SerializeToString())
    card = card_of(options.name, parts, hashlib.sha256(weights.read_bytes()).hexdigest())
    write_card(meta, card)
    found = face_expression.read_expressions(list(parts.held.images)).probabilities.astype(np.float64)
    temperature = fit_temperature(np.log(found + 1e-12), parts.held.labels)
    counts = np.zeros((7, 7))
    np.add.at(counts, (parts.held.labels, found.argmax(1)), 1)
    right = float((found.argmax(1) == parts.held.labels).mean())
    write_card(meta, card | {
        "temperature": temperature, "confusion": (counts / counts.sum(1, keepdims=True)).round(5).tolist(),
        "held_back_accuracy": round(right, 4),
    })  # fmt: skip
    print(f"{weights}: {weights.stat().st_size} bytes; held back n={len(found)}", end=" ")
    print(f"accuracy {right:.4f}, temperature {temperature}")


if __name__ == "__main__":
    main()
