"""Words as the Moses tokenizer splits English, which BioGPT was trained on, and plain English from them.

Source: Koehn P et al., ACL 2007 demo session, scripts `tokenizer.perl` and `detokenizer.perl`.
"""

from sacremoses import MosesDetokenizer, MosesTokenizer  # type: ignore[import-untyped]


class _QuickMoses(MosesTokenizer):  # type: ignore[misc]
    """The same words; the original builds a set of 100,000 letters for each word that ends in a full stop."""

    _letters = frozenset(MosesTokenizer.IsAlpha)
    _lower = frozenset(MosesTokenizer.IsLower)

    def isanyalpha(self, text: str) -> bool:
        return not self._letters.isdisjoint(text)

    def islower(self, text: str) -> bool:
        return self._lower.issuperset(text)


class Moses:
    """Splits text into words, and joins words into text. Keeps nothing of either."""

    def __init__(self) -> None:
        """Read the rules for English."""
        self._tokenizer = _QuickMoses(lang="en")
        self._detokenizer = MosesDetokenizer(lang="en")

    def words(self, text: str) -> list[str]:
        """Return the words, with `<`, `>`, `&`, `|`, quotes and brackets escaped and hyphens as `@-@`."""
        words: list[str] = self._tokenizer.tokenize(
            text, aggressive_dash_splits=True, return_str=False, escape=True
        )
        return words

    def text(self, words: list[str]) -> str:
        """Return plain English from escaped words."""
        text: str = self._detokenizer.detokenize(words)
        return text
