"""The network: the packaged encoder with one head a task, its training, and its scores."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from benchmarks.checker.reading import LABELS, Example
from benchmarks.training import Report
from clinical.evidence.checking.pairs import Pair

MAXIMUM_LENGTH = 256
WIDTH = 384


@dataclass(frozen=True)
class Calibration:
    """A linear map of logits: `weights` [labels, labels] and `bias` [labels]."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]


class Checker(nn.Module):
    """The encoder and its heads; a head reads the first token and the mean of each text of the pair."""

    def __init__(self, folder: Path) -> None:
        """Load the encoder's weights from its unpacked folder; the heads begin at random."""
        super().__init__()
        config = BertConfig.from_pretrained(folder)
        self.encoder = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False)
        self.mixers = nn.ModuleDict({task: nn.Linear(4 * WIDTH, WIDTH) for task in LABELS})
        self.heads = nn.ModuleDict({task: nn.Linear(WIDTH, len(names)) for task, names in LABELS.items()})
        self.dropout = nn.Dropout(0.1)
        self.encoder.embeddings.requires_grad_(requires_grad=False)

    def pooled(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return [n, 4 * width]: first token, mean of either text, distance of the means."""
        states = self.encoder.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        seen = attention_mask.bool()[:, None, None, :]
        for layer in self.encoder.encoder.layer:
            states = layer(states, seen)
        second = (attention_mask * token_type_ids).unsqueeze(-1).to(states.dtype)
        first = attention_mask.unsqueeze(-1).to(states.dtype) - second
        means = [(states * part).sum(1) / part.sum(1).clamp(min=1) for part in (first, second)]
        return torch.cat([states[:, 0], *means, (means[0] - means[1]).abs()], dim=-1)

    def logits(self, pooled: Tensor, task: str) -> Tensor:
        """Return one task's logits [n, labels]."""
        return self.heads[task](self.dropout(torch.tanh(self.mixers[task](self.dropout(pooled)))))

    def calibrate(self, task: str, map_: Calibration) -> None:
        """Put a linear map of one task's logits into the head itself."""
        head = self.heads[task]
        with torch.no_grad():
            turn = torch.tensor(map_.weights, dtype=torch.float32)
            head.bias.copy_(turn @ head.bias + torch.tensor(map_.bias, dtype=torch.float32))
            head.weight.copy_(turn @ head.weight)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, ...]:
        """Return the logits of every task, in the order of LABELS."""
        pooled = self.pooled(input_ids, attention_mask, token_type_ids)
        return tuple(self.logits(pooled, task) for task in LABELS)


class Encoding:
    """Pairs as token ids."""

    def __init__(self, path: Path) -> None:
        """Read tokenizer.json; its own padding and truncation are replaced."""
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAXIMUM_LENGTH, strategy="longest_first")

    def tokens(self, pair: Pair) -> tuple[list[int], list[int]]:
        """Return token ids and type ids of one pair, cut to the maximum length."""
        encoded = self._tokenizer.encode(pair.first, pair.second)
        return encoded.ids, encoded.type_ids


@dataclass(frozen=True)
class Prepared:
    """One pair's token ids and type ids."""

    ids: list[int]
    types: list[int]


def prepare(encoding: Encoding, pairs: Sequence[Pair]) -> list[Prepared]:
    """Return the pairs' tokens, in their order."""
    return [Prepared(*encoding.tokens(pair)) for pair in pairs]


def by_length(prepared: Sequence[Prepared], size: int) -> list[list[int]]:
    """Return the places of the pairs in chunks of like length, shortest first."""
    order = sorted(range(len(prepared)), key=lambda i: len(prepared[i].ids))
    return [order[start : start + size] for start in range(0, len(order), size)]


def batch_of(prepared: Sequence[Prepared]) -> dict[str, Tensor]:
    """Return the padded tensors [n, length] of a batch."""
    length = max(len(each.ids) for each in prepared)
    ids = torch.zeros(len(prepared), length, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, each in enumerate(prepared):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        types[row, : len(each.ids)] = torch.tensor(each.types)
        mask[row, : len(each.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def _pooled(model: Checker, prepared: Sequence[Prepared]) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        return model.pooled(**batch_of(prepared)).float()


@dataclass(frozen=True)
class Schedule:
    """How a round is trained: the highest rates of the encoder and of the heads, and the seed."""

    rate: float
    head_rate: float
    seed: int
    batch: int = 32
    smoothing: float = 0.05


def train(
    model: Checker,
    examples: Sequence[Example],
    prepared: Sequence[Prepared],
    schedule: Schedule,
    report: Report,
) -> None:
    """Train the model in place, once over the examples; one batch holds one task, its texts are of like length."""
    torch.manual_seed(schedule.seed)
    choose = random.Random(schedule.seed)  # noqa: S311  reproducible, nothing secret
    plan = _chunks(examples, prepared, schedule.batch, choose)
    optimiser, pace = _optimiser(model, schedule, len(plan))
    model.train()
    running = 0.0
    for step, chunk in enumerate(plan):
        pooled = _pooled(model, [prepared[i] for i in chunk])
        loss = _loss(model.logits(pooled, examples[chunk[0]].task), [examples[i] for i in chunk], schedule)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        pace.step()
        optimiser.zero_grad()
        running += 0.02 * (float(loss.detach()) - running)
        if step % 50 == 49:
            report(f"step {step + 1} of {len(plan)}, loss {running / (1 - 0.98 ** (step + 1)):.3f}")
    model.eval()


def _loss(logits: Tensor, examples: Sequence[Example], schedule: Schedule) -> Tensor:
    labels = torch.tensor([example.label for example in examples])
    weights = torch.tensor([example.weight for example in examples])
    losses = nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=schedule.smoothing)
    return (losses * weights).sum() / weights.sum()


def _chunks(
    examples: Sequence[Example], prepared: Sequence[Prepared], size: int, choose: random.Random
) -> list[list[int]]:
    order = list(range(len(examples)))
    choose.shuffle(order)
    chunks = []
    for start in range(0, len(order), size * 40):
        pool = order[start : start + size * 40]
        for task in LABELS:
            own = sorted((i for i in pool if examples[i].task == task), key=lambda i: len(prepared[i].ids))
            chunks += [own[first : first + size] for first in range(0, len(own), size)]
    choose.shuffle(chunks)
    return chunks


def _optimiser(
    model: Checker, schedule: Schedule, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": schedule.rate}, {"params": heads, "lr": schedule.head_rate}],
        weight_decay=0.01,
    )
    warm = max(1, steps // 12)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / (steps - warm + 1)))
    )
    return optimiser, pace


def scores(model: Checker, prepared: Sequence[Prepared], task: str) -> NDArray[np.float32]:
    """Return one task's logits [n, labels] for the prepared pairs, in their order."""
    found = np.zeros((len(prepared), len(LABELS[task])), dtype=np.float32)
    model.eval()
    with torch.inference_mode():
        for chunk in by_length(prepared, 64):
            pooled = _pooled(model, [prepared[i] for i in chunk])
            found[chunk] = model.logits(pooled, task).numpy()
    return found
