"""Small random models in the format of transformers, saved by the tests: loaded and run by the real code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

WORDS = """
<s> <pad> </s> <unk> <mask> i am so glad that you came back . this is not fair lied to me ! the speaker expresses
"""


def _tokenizer(folder: Path) -> int:
    """Saves a tokenizer of whole words; the number of its words."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(dict.fromkeys(WORDS.split()))}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>",
        cls_token="<s>", sep_token="</s>", mask_token="<mask>",
    ).save_pretrained(folder)  # fmt: skip
    return len(words)


def text_classifier(folder: Path, labels: Sequence[str], *, multi_label: bool = False, says: str | None = None) -> Path:
    """A random RoBERTa that gives texts one of the labels; with `says`, nearly always that one."""
    import torch
    from transformers import RobertaConfig, RobertaForSequenceClassification

    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=_tokenizer(folder), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=40, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        initializer_range=1.0, id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)},
        problem_type="multi_label_classification" if multi_label else None,
    )  # fmt: skip
    network = RobertaForSequenceClassification(config)
    if says is not None:
        with torch.no_grad():
            network.classifier.out_proj.bias[labels.index(says)] += 8
    network.save_pretrained(folder)
    return folder


def headless_text_model(folder: Path) -> Path:
    """A random RoBERTa without a classifier, as a language model is."""
    from transformers import RobertaConfig, RobertaModel

    config = RobertaConfig(
        vocab_size=_tokenizer(folder), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=40,
    )  # fmt: skip
    RobertaModel(config).save_pretrained(folder)
    return folder


def object_detector(folder: Path, labels: Sequence[str] = ("man", "cup")) -> Path:
    """A random YOLOS that finds the first of the labels in every picture."""
    import torch
    from transformers import YolosConfig, YolosForObjectDetection
    from transformers.models.yolos.image_processing_pil_yolos import YolosImageProcessorPil

    torch.manual_seed(0)
    config = YolosConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=[64, 64],
        patch_size=16, num_detection_tokens=4,
        id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)},
    )  # fmt: skip
    network = YolosForObjectDetection(config)
    with torch.no_grad():
        network.class_labels_classifier.layers[-1].bias[0] += 3
    network.save_pretrained(folder)
    YolosImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 64}).save_pretrained(folder)
    return folder


def captioner(folder: Path) -> Path:
    """A random BLIP that writes words of the tokenizer's."""
    import torch
    from transformers import BlipConfig, BlipForConditionalGeneration
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    words = {"vocab_size": _tokenizer(folder), "bos_token_id": 0, "pad_token_id": 1, "sep_token_id": 2}
    config = BlipConfig(
        text_config={**size, **words, "encoder_hidden_size": 16, "initializer_range": 1.0},
        vision_config={**size, "image_size": 32, "patch_size": 16, "initializer_range": 1.0},
        projection_dim=16, image_text_hidden_size=16,
    )  # fmt: skip
    BlipForConditionalGeneration(config).save_pretrained(folder)
    BlipImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder
