"""A random llama of 60,000 weights, made on the spot: a folder for `hf:`, and answers decoded under a schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

JSON = dict[str, Any]
TEMPLATE = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}\n{% endfor %}<assistant>"
ENDS = TEMPLATE.replace("m['content']", "m['content'][-256:]")
"""The same with the end of each message alone: a judge's question is 16,000 of its tokens, seconds for a CPU."""
SEEN = 32  # tokens that a random network looks back
FAVOURED = {'"': 6.0, "]": 0.5}  # added to the scores: a random network hardly ever ends a string or a list


def write_network(folder: Path, *, says: str | None = None, longest: int = 8192, template: str = TEMPLATE) -> Path:
    """The folder with config, weights and tokenizer; one that `says` a text says nothing else."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = {letter: at for at, letter in enumerate([*alphabet, "</s>"])}
    tokenizer = Tokenizer(models.BPE(vocab=words, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", pad_token="</s>")
    fast.chat_template = template
    fast.add_tokens([says] if says is not None else [])
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=longest,
        bos_token_id=None,
        eos_token_id=words["</s>"],
        pad_token_id=words["</s>"],
    )
    model = LlamaForCausalLM(config)
    if says is not None:
        _teach(model, fast, says)
    model.save_pretrained(folder)
    return folder


def _teach(model: Any, tokenizer: Any, says: str) -> None:
    """Sets the weights so that the end of any question is followed by the one token `says`, and that by the end."""
    import torch

    asked, said, end = (tokenizer.convert_tokens_to_ids(token) for token in (TEMPLATE[-1], says, "</s>"))
    with torch.no_grad():
        for layer in model.model.layers:  # what is left of the network looks at the last token alone
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        model.lm_head.weight.zero_()
        model.lm_head.weight[said] = 100 * model.model.embed_tokens.weight[asked]
        model.lm_head.weight[end] = 100 * model.model.embed_tokens.weight[said]


def constrained_answers(folder: Path, *, most_tokens: int = 4000) -> Callable[[JSON], str]:
    """What a scripted server answers when this network decodes under the schema of each request.

    What the grammar leaves no choice about (the names of properties) is not asked of the network.
    """
    import torch
    from llguidance.torch import allocate_token_bitmask, apply_token_bitmask_inplace, fill_next_token_bitmask

    from emer.models.hf_backend import load_network, new_matcher

    from .scripted import schema_of

    network = load_network(str(folder))
    favoured = {network.tokenizer.convert_tokens_to_ids(token): by for token, by in FAVOURED.items()}
    end = network.tokenizer.eos_token_id

    def chosen(tokens: list[int], matcher: Any, chance: Any) -> int:
        with torch.no_grad():
            scores = network.model(torch.tensor([tokens[-SEEN:]])).logits[:, -1, :]
        for token, by in favoured.items():
            scores[:, token] += by
        mask = allocate_token_bitmask(1, network.guide.vocab_size)
        fill_next_token_bitmask(matcher, mask, 0)
        apply_token_bitmask_inplace(scores, mask)
        return int(torch.multinomial(torch.softmax(scores[0], -1), 1, generator=chance))

    def answer(asked: JSON) -> str:
        schema = schema_of(asked)
        if schema is None:
            return "{{{"
        matcher = new_matcher(network.guide, schema)
        chance = torch.Generator().manual_seed(asked.get("seed", 0))
        tokens: list[int] = network.tokenizer(str(asked["messages"][-1]["content"])[-SEEN:])["input_ids"]
        n_asked = len(tokens)
        while not matcher.is_stopped() and len(tokens) < n_asked + most_tokens:
            new = matcher.compute_ff_tokens() or [chosen(tokens, matcher, chance)]
            matcher.consume_tokens(new)
            tokens += new
        return str(network.tokenizer.decode([one for one in tokens[n_asked:] if one != end]))

    return answer
