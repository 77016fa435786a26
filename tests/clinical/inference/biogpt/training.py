"""A vocabulary as BioGPT's was made, only smaller: Moses words, then merges learned from their counts."""

from collections import Counter

from sacremoses import MosesTokenizer  # type: ignore[import-untyped]

from clinical.inference.biogpt.checkpoint.vocabulary import SPECIAL, Merge

SENTENCES = (
    "Metformin reduces hepatic glucose production in patients with type 2 diabetes mellitus.",
    "Aspirin reduces the risk of myocardial infarction in patients with coronary artery disease.",
    "The patient's blood pressure was 142/91 mmHg (n = 37; p < 0.001) after the low-dose treatment.",
    "BRCA1-mutated breast cancer cells were sensitive to poly(ADP-ribose) polymerase inhibitors.",
    "Interleukin-6 and TNF-α levels in plasma were higher in septic patients than in controls.",
    'Warfarin-induced bleeding isn\'t rare; "INR > 4.5" & age predict it [see the review].',
    "We report a case of acute kidney injury caused by non-steroidal anti-inflammatory drugs.",
    "Conclusions: the treatment was well tolerated, and no serious adverse events were observed.",
)


def learn_vocabulary(sentences: tuple[str, ...], *, merges: int) -> tuple[dict[str, int], list[Merge]]:
    """Return the ids of pieces and the merges."""
    moses = MosesTokenizer(lang="en")
    words = Counter(
        word for text in sentences for word in moses.tokenize(text, aggressive_dash_splits=True, escape=True)
    )
    splits = {word: [*word[:-1], f"{word[-1]}</w>"] for word in words}
    letters = sorted({piece for pieces in splits.values() for piece in pieces})
    learned = []
    for _ in range(merges):
        pairs = Counter[Merge]()
        for word, pieces in splits.items():
            for pair in zip(pieces, pieces[1:], strict=False):
                pairs[pair] += words[word]
        best, _count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        learned.append(best)
        splits = {word: _join(pieces, best) for word, pieces in splits.items()}
    # The order of fairseq's dictionaries.
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *letters, *(left + right for left, right in learned)]
    assert len(set(SPECIAL) & set(pieces)) == 4
    return {piece: token for token, piece in enumerate(dict.fromkeys(pieces))}, learned


def _join(pieces: list[str], pair: Merge) -> list[str]:
    joined: list[str] = []
    index = 0
    while index < len(pieces):
        is_pair = tuple(pieces[index : index + 2]) == pair
        joined.append("".join(pair) if is_pair else pieces[index])
        index += 2 if is_pair else 1
    return joined
