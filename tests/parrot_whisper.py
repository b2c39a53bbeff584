"""Tiny Whispers with random weights that always say the same words, in the formats of both speech back ends.

Every block only passes on what comes in, so that the token at a place depends on that place's embedding alone; that is
made from the embedding of the wanted token. Encoder, attention, alignment, tokeniser and decoding are real.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
import whisper.tokenizer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)  # whisper leaves the file of its tokens open; read once and kept
    TOKENS = whisper.tokenizer.get_tokenizer(True, num_languages=99, language="en", task="transcribe")

WIDTH, HEADS, LAYERS = 64, 2, 1
WORDS = " I am so glad that you came back."
END_S = 2.0


def whisper_file(path: Path, *, words: str = WORDS, sharpness: float = 5.0) -> Path:
    """A `.pt` file as openai-whisper reads it; with little `sharpness` the model doubts every word."""
    dims = whisper.model.ModelDimensions(80, 1500, WIDTH, HEADS, LAYERS, 51865, 448, WIDTH, HEADS, LAYERS)
    torch.manual_seed(0)
    model = whisper.model.Whisper(dims)
    for block in [*model.encoder.blocks, *model.decoder.blocks]:
        _pass_on(*(layer for layer in _outputs(block)))
    decoder = model.decoder
    _teach(decoder.token_embedding.weight, decoder.positional_embedding, decoder.ln, words, sharpness)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"dims": vars(dims), "model_state_dict": model.state_dict()}, path)
    return path


def ct2_folder(path: Path, *, words: str = WORDS) -> Path:
    """A folder as faster-whisper reads it, converted from a transformers Whisper by CTranslate2's own converter."""
    import transformers
    from ctranslate2.converters.transformers import WhisperLoader

    config = transformers.WhisperConfig(
        vocab_size=51865, d_model=WIDTH, encoder_layers=LAYERS, decoder_layers=LAYERS, encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS, encoder_ffn_dim=WIDTH, decoder_ffn_dim=WIDTH, num_mel_bins=80,
    )  # fmt: skip
    torch.manual_seed(0)
    model = transformers.WhisperForConditionalGeneration(config)
    for layer in [*model.model.encoder.layers, *model.model.decoder.layers]:
        attention = [one.out_proj for one in (layer.self_attn, getattr(layer, "encoder_attn", None)) if one is not None]
        _pass_on(*attention, layer.fc2)
    decoder = model.model.decoder
    _teach(decoder.embed_tokens.weight, decoder.embed_positions.weight, decoder.layer_norm, words, 5.0)
    tokens = _vocabulary()
    loader = WhisperLoader()
    with torch.no_grad():
        spec = loader.get_model_spec(model)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.config.lang_ids = list(range(50259, 50358))
    loader.set_vocabulary(spec, tokens)
    spec.validate()
    path.mkdir(parents=True, exist_ok=True)
    spec.save(str(path))
    _tokenizer(tokens).save(str(path / "tokenizer.json"))
    return path


def _outputs(block):  # type: ignore[no-untyped-def]
    yield block.attn.out
    if block.cross_attn is not None:
        yield block.cross_attn.out
    yield block.mlp[2]


def _pass_on(*layers: torch.nn.Linear) -> None:
    with torch.no_grad():
        for layer in layers:
            layer.weight.zero_()
            layer.bias.zero_()


def _teach(embeddings: torch.Tensor, places: torch.Tensor, norm: torch.nn.LayerNorm, words: str, sharpness: float):  # type: ignore[no-untyped-def]
    """Writes the wanted token of each place: language, first time, words, last time, end; places 1 and 2 are prompt."""
    first = TOKENS.timestamp_begin
    wanted = [TOKENS.sot_sequence[1], 0, first, *TOKENS.encode(words), first + round(END_S / 0.02), TOKENS.eot]
    with torch.no_grad():
        embeddings.normal_()
        embeddings.div_(embeddings.norm(dim=1, keepdim=True))
        places.zero_()
        places[: len(wanted)] = 5 * embeddings[torch.tensor(wanted)]
        places[len(wanted) :] = 5 * embeddings[TOKENS.eot]
        norm.weight.fill_(sharpness)


def _vocabulary() -> list[str]:
    """All tokens in order, bytes written as GPT-2 does."""
    encoding = TOKENS.encoding
    letters = _byte_letters()
    plain = ["".join(letters[byte] for byte in encoding.decode_single_token_bytes(k)) for k in range(50257)]
    named = {number: name for name, number in encoding._special_tokens.items()}
    return plain + [named[k] for k in range(50257, 51865)]


def _byte_letters() -> list[str]:
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(byte) if byte in shown else chr(next(hidden)) for byte in range(256)]


def _tokenizer(tokens: list[str]):  # type: ignore[no-untyped-def]
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    plain = {token: number for number, token in enumerate(tokens[:50257])}
    made = Tokenizer(models.BPE(plain, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(token, special=True) for token in tokens[50257:50364]])
    made.add_tokens([AddedToken(token, special=False) for token in tokens[50364:]])
    return made
