"""
Runs TRL's GRPOTrainer on incidents of a running server, with a tiny random model that is made here: it shows that
model, tools, episodes and rewards fit together, and learns nothing.

    npm start                                        # in the checkout, in another terminal
    pip install "./agents/python[trl]"
    python agents/python/examples/grpo.py

For a real run give GRPOTrainer the name of a model, and leave out `tiny_model`, `tiny_tokenizer` and
`generation_kwargs`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from typing import Any

import torch
from oncall_gym import OncallToolEnv, incident_dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer
from trl.chat_template_utils import qwen3_chat_template

END = "<|im_end|>"
CALLS = [
    ("inspect_logs", {"service": "web_server"}),
    ("inspect_metrics", {"service": "database"}),
    ("check_status", {"service": "cache"}),
    ("inspect_config", {"service": "cache"}),
    ("inspect_metrics", {"service": "web_server"}),
    ("resolve_incident", {"service": "none", "fault": "no_fault"}),
]
"""What the tiny model can say: a random one would never hit on the form of a call."""


def call_text(name: str, arguments: dict[str, str]) -> str:
    """A call in the form that the chat template gives it."""
    return f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


def tiny_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """A byte-level tokenizer, trained on a few texts, in which each of the calls above is one token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>", "<|im_start|>", END],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([call_text(*call) for call in CALLS])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token="<|endoftext|>",
        padding_side="left",
        chat_template=qwen3_chat_template,
    )


def tiny_model(tokenizer: PreTrainedTokenizerFast) -> Qwen2ForCausalLM:
    """A language model of two small layers with random weights."""
    torch.manual_seed(0)
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=16384,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
        )
    )


def train(steps: int, output_dir: str, environment: type[OncallToolEnv] = OncallToolEnv) -> GRPOTrainer:
    """
    Takes so many optimiser steps on episodes of the training split, and returns the trainer with its log.

    Args:
        steps: Each plays one incident four times.
        output_dir: Where the trainer may write.
        environment: What it makes one instance of for each rollout.
    """
    torch.set_num_threads(1)  # the matrices are tiny: more threads cost more than they bring
    dataset = incident_dataset("train", seeds_per_task=1)
    page = OncallToolEnv()
    tokenizer = tiny_tokenizer([page.reset(split="train", index=index, seed=0) for index in range(8)])
    sayable = {tokenizer.convert_tokens_to_ids(call_text(*call)) for call in CALLS} | {tokenizer.eos_token_id}
    options: dict[str, Any] = {
        "output_dir": output_dir,
        "max_steps": steps,
        "per_device_train_batch_size": 4,
        "num_generations": 4,
        "max_tool_calling_iterations": 2,
        "max_completion_length": 8192,
        "generation_kwargs": {
            "suppress_tokens": [token for token in range(len(tokenizer)) if token not in sayable],
            "sequence_bias": [[[tokenizer.eos_token_id], 1.5]],  # about two calls in a turn
        },
        "gradient_checkpointing": False,
        "learning_rate": 1e-3,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
        "seed": 0,
    }
    trainer = GRPOTrainer(
        model=tiny_model(tokenizer),
        processing_class=tokenizer,
        args=GRPOConfig(**options),
        train_dataset=dataset,
        environment_factory=environment,
    )
    trainer.train()
    return trainer


def main() -> None:
    parser = argparse.ArgumentParser(description="TRL's GRPOTrainer on incidents of a running server.")
    parser.add_argument("--steps", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as output_dir:
        trainer = train(args.steps, output_dir)
    for entry in trainer.state.log_history:
        if "loss" in entry:
            print(f"step {entry['step']}: loss {entry['loss']:.4f}, reward {entry['reward']:.4f}")


if __name__ == "__main__":
    main()
