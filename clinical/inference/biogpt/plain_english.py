"""BioGPT's words become plain English while they are written.

What Moses makes of a word depends on the words before it, and on the next one only where that is the hyphen `@-@`,
which joins its neighbours. So the last word is held back until the next one is whole. What was handed out never
changes, and in the end it is what Moses makes of the whole text.
"""

from clinical.inference.biogpt.moses import Moses

HYPHEN = "@-@"


class PlainEnglish:
    """One text that grows by pieces. Holds it until the text ends: at a thousand tokens Moses takes a millisecond."""

    def __init__(self, moses: Moses) -> None:
        """Begin an empty text."""
        self._moses = moses
        self._words: list[str] = []
        self._open_word = ""
        self._given = 0

    def add(self, piece: bytes) -> bytes:
        """Return the English that has become certain; a piece is whole characters, and ends its word by a space."""
        text = f"{self._open_word}{piece.decode()}"
        words = text.split()
        self._open_word = "" if text[-1:].isspace() else "".join(words[-1:])
        whole = words[:-1] if self._open_word else words
        if not whole:
            return b""
        self._words += whole
        return self._news(self._words[: _certain(self._words)])

    def end(self) -> bytes:
        """Return the rest, with a word that was not ended."""
        return self._news([*self._words, self._open_word])

    def _news(self, words: list[str]) -> bytes:
        text = self._moses.text(words)
        news = text[self._given :]
        self._given += len(news)
        return news.encode()


def _certain(words: list[str]) -> int:
    """Return how many words no later word can change: all before the last, and before what hyphens join to it."""
    last = len(words) - 1
    while last > 0 and HYPHEN in (words[last], words[last - 1]):
        last -= 1
    return last
