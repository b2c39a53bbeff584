"""Export a checkpoint as ONNX: one text after those that it may look at, int8 weights, the text encoder's words.

python -m training.reader.export --name first        # writes checkpoints/first.onnx
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from training.reader.model import ClaimReader, heads, loaded
from training.reader.train import CHECKPOINTS
from training.text.export import quantize_weights, save_program

from emer.tools import text_encoder

ENCODER = Path(text_encoder.__file__).parent / "weights" / "text_encoder.onnx"
INPUTS = ("ids", "kinds", "past_keys", "past_values")
OUTPUTS = ("keys", "values", "outcome_logits")
SHARED = "word_table"  # how the names of the shared table begin


class OneText(nn.Module):
    """A text of t tokens after p tokens that it may look at.

    int64 ids (1, t) and kinds (1, t), 0 for a cited text, 1 for a claim; past keys and values (layers, 12, p, 32).
    Gives keys and values (layers, 12, t, 32) of its own and the logits (1, 11), which mean something for a claim.
    """

    def __init__(self, reader: ClaimReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, kinds: Tensor, past_keys: Tensor, past_values: Tensor) -> tuple[Tensor, ...]:
        """Keys, values and logits."""
        states = self.reader.embeddings(input_ids=ids, token_type_ids=kinds)
        keys, values = [], []
        for i, layer in enumerate(self.reader.layers):
            own = layer.attention.self
            query, key, value = (heads(part(states)) for part in (own.query, own.key, own.value))
            keys.append(key[0])
            values.append(value[0])
            key = torch.cat([past_keys[i : i + 1], key], dim=2)
            value = torch.cat([past_values[i : i + 1], value], dim=2)
            weights = torch.softmax(query @ key.transpose(2, 3) / query.shape[-1] ** 0.5, dim=-1)
            read = layer.attention.output((weights @ value).transpose(1, 2).flatten(2), states)
            states = layer.output(layer.intermediate(read), read)
        return torch.stack(keys), torch.stack(values), self.reader.told(states[:, 0], states.mean(1))


def export_float(model: ClaimReader, path: Path) -> None:
    """Write the float32 graph."""
    n = len(model.layers)
    example = (
        torch.randint(1000, 2000, (1, 9)),
        torch.ones(1, 9, dtype=torch.long),
        torch.randn(n, 12, 7, 32),
        torch.randn(n, 12, 7, 32),
    )
    text, past = torch.export.Dim("text", min=2, max=256), torch.export.Dim("past", min=0, max=8192)
    program = torch.onnx.export(
        OneText(model).eval(), example, dynamo=True, input_names=list(INPUTS), output_names=list(OUTPUTS),
        dynamic_shapes=({1: text}, {1: text}, {2: past}, {2: past}), external_data=False, optimize=True,
    )  # fmt: skip
    save_program(program, path)


def share_table(path: Path) -> None:
    """Let the word table and its scales point into the text encoder's file, which holds the same bytes.

    Raises:
        ValueError: the table is not the encoder's.
    """
    model, encoder = onnx.load(str(path)), onnx.load(str(ENCODER))
    there = {tuple(one.dims): one for one in encoder.graph.initializer if one.dims and one.dims[0] > 30_000}
    content = ENCODER.read_bytes()
    for own in model.graph.initializer:
        if not own.dims or own.dims[0] <= 30_000:
            continue
        theirs = numpy_helper.to_array(there[tuple(own.dims)])
        if not np.array_equal(theirs, numpy_helper.to_array(own)):
            raise ValueError(f"{own.name} is not the text encoder's")
        raw = theirs.tobytes()
        own.ClearField("raw_data")
        own.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", ENCODER.name), ("offset", content.index(raw)), ("length", len(raw))):
            own.external_data.add(key=key, value=str(value))
    onnx.save(model, str(path))


def main() -> None:
    """Writes the graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="of what is written")
    parser.add_argument("--of", nargs="+", metavar="RUN", help="the runs whose mean it is; else the run of its name")
    args = parser.parse_args()
    torch.set_num_threads(1)
    float_path, path = CHECKPOINTS / f"{args.name}.float.onnx", CHECKPOINTS / f"{args.name}.onnx"
    export_float(loaded(*(CHECKPOINTS / f"{run}.pt" for run in args.of or [args.name])), float_path)
    quantize_weights(float_path, path)
    share_table(path)
    print(f"{path.name} {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
