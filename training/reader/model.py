"""The claim reader: all-MiniLM-L6-v2 whose claim tokens also attend to what is cited, layer by layer.

Cited texts are read each for itself and never see the claim, so that at run time each is read once a Report; only the
claim's own tokens are computed per claim. Training does the same: a batch holds each cited text once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from training.reader.data import Pair
from training.text.model import WIDTH, base_folder, tokenizer

from emer.tools.claim_reader import MAX_TOKENS, OUTCOMES
from emer.tools.text_encoder import plain

N_HEADS = 12
ATTENTION_DROPOUT = 0.1


class Looks(NamedTuple):
    """Which tokens of the batch m texts are and see: places (m, t) and (m, s) in it, False where there is padding."""

    own: Tensor
    is_own: Tensor
    seen: Tensor
    is_seen: Tensor


class Batch(NamedTuple):
    """All tokens of a batch, those of cited texts first: ids, place in their text, kind, int64 (n_tokens,)."""

    ids: Tensor
    places: Tensor
    kinds: Tensor
    cited: Looks
    claims: Looks


def placed(batch: Batch, device: str) -> Batch:
    """The batch on a device."""

    def looks(one: Looks) -> Looks:
        return Looks(*(part.to(device) for part in one))

    ids, places, kinds, cited, claims = batch
    return Batch(ids.to(device), places.to(device), kinds.to(device), looks(cited), looks(claims))


class ClaimReader(nn.Module):
    """Cited texts and n claims to the logits of `OUTCOMES` (n, 11)."""

    def __init__(self, *, dropout: float = 0.1, n_layers: int = 6) -> None:
        super().__init__()
        from transformers import AutoModel

        base = AutoModel.from_pretrained(base_folder(), attn_implementation="eager", add_pooling_layer=False)
        self.embeddings, self.layers = base.embeddings, base.encoder.layer[:n_layers]
        self.dropout = nn.Dropout(dropout)
        self.hidden, self.outcome = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, len(OUTCOMES))

    def forward(self, batch: Batch) -> Tensor:
        """Logits (n, 11); the head sees a claim's first token and the mean of its tokens."""
        states = self.embeddings(
            input_ids=batch.ids[None], token_type_ids=batch.kinds[None], position_ids=batch.places[None]
        )[0]
        for layer in self.layers:
            read = layer.attention.output(self._read(layer.attention.self, states, batch), states)
            states = layer.output(layer.intermediate(read), read)
        claims = states[batch.claims.own] * batch.claims.is_own.unsqueeze(-1)
        return self.told(claims[:, 0], claims.sum(1) / batch.claims.is_own.sum(1, keepdim=True))

    def told(self, first: Tensor, mean: Tensor) -> Tensor:
        """Logits (n, 11) from the state of a claim's first token and the mean of its tokens' (n, 384)."""
        features = self.dropout(torch.cat([first, mean], dim=1))
        return self.outcome(self.dropout(torch.tanh(self.hidden(features))))

    def _read(self, layer: nn.Module, states: Tensor, batch: Batch) -> Tensor:
        """What each token reads in those that it sees (n_tokens, 384)."""
        query, key, value = (part(states) for part in (layer.query, layer.key, layer.value))
        found = []
        for looks in (batch.cited, batch.claims):
            read = nn.functional.scaled_dot_product_attention(
                heads(query[looks.own]), heads(key[looks.seen]), heads(value[looks.seen]),
                attn_mask=looks.is_seen[:, None, None], dropout_p=ATTENTION_DROPOUT * self.training,
            )  # fmt: skip
            found.append(read.transpose(1, 2).flatten(2)[looks.is_own])
        return torch.cat(found)


def heads(states: Tensor) -> Tensor:
    """(n, t, 384) as (n, 12, t, 32)."""
    return states.unflatten(2, (N_HEADS, WIDTH // N_HEADS)).transpose(1, 2)


def borne_odds(logits: Tensor) -> Tensor:
    """The log odds (n,) that a claim is borne out."""
    return logits[:, 0] - torch.logsumexp(logits[:, 1:], dim=1)


class Reader:
    """Pairs to batches."""

    def __init__(self, device: str = "cpu") -> None:
        self._cut, self._device = tokenizer(MAX_TOKENS), device

    def batch(self, many: Sequence[Pair]) -> Batch:
        """The pairs side by side, each cited text once."""
        cited = list(dict.fromkeys(text for one in many for text in one.premises))
        ids = [
            row.ids for row in self._cut.encode_batch([plain(t) for t in (*cited, *(one.hypothesis for one in many))])
        ]
        spans, start = [], 0
        for row in ids:
            spans.append(torch.arange(start, start + len(row)))
            start += len(row)
        span_of, claims = dict(zip(cited, spans, strict=False)), spans[len(cited) :]
        n_cited = sum(map(len, spans[: len(cited)]))
        made = Batch(
            ids=torch.tensor([token for row in ids for token in row]),
            places=torch.cat([span - span[0] for span in spans]),
            kinds=(torch.arange(start) >= n_cited).long(),
            cited=_looks(spans[: len(cited)], spans[: len(cited)]),
            claims=_looks(
                claims,
                [torch.cat([*(span_of[t] for t in one.premises), own]) for one, own in zip(many, claims, strict=True)],
            ),
        )
        return placed(made, self._device)


def _looks(own: list[Tensor], seen: list[Tensor]) -> Looks:
    return Looks(*_padded(own), *_padded(seen))


def _padded(spans: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Places (m, longest), and which are no padding."""
    lengths = torch.tensor([len(span) for span in spans])
    return pad_sequence(spans, batch_first=True), torch.arange(int(lengths.max())) < lengths.unsqueeze(1)


def loaded(*checkpoints: Path) -> ClaimReader:
    """The weights of a checkpoint, or the mean of those of several runs from one start, ready to read."""
    kept = [torch.load(one, map_location="cpu")["model"] for one in checkpoints]
    model = ClaimReader(n_layers=1 + max(int(name.split(".")[1]) for name in kept[0] if name.startswith("layers.")))
    model.load_state_dict({
        name: torch.stack([one[name] for one in kept]).mean(0) if first.is_floating_point() else first
        for name, first in kept[0].items()
    })  # fmt: skip
    return model.eval()
