"""Questions to the person at the terminal; elsewhere what is missing is named by its option."""

from django.core.management.base import CommandError

STOPPED = "Stopped: nothing was written down"


class Asking:
    """Asks where it may."""

    def __init__(self, *, may_ask: bool) -> None:
        self._may_ask = may_ask

    def for_text(self, question: str, *, option: str, default: str = "") -> str:
        """Return the answer, which may not be empty; where nobody can be asked, the default.

        Raises: CommandError, naming the option where there is none.
        """
        if not self._may_ask:
            answer = default
        else:
            answer = _answer(f"{question} [{default}]: " if default else f"{question}: ") or default
        if not answer:
            raise CommandError(f"{option} is missing: give it, or run this on a terminal")
        return answer

    def if_wanted(self, question: str, given: str | None, *, known: str = "") -> str:
        """Return what the options gave; else the answer; else what is known already."""
        if given is not None:
            return given.strip()
        if not self._may_ask:
            return known
        return _answer(f"{question} [{known or 'none'}]: ") or known


def _answer(prompt: str) -> str:
    try:
        return input(prompt).strip()
    except (KeyboardInterrupt, EOFError):
        raise CommandError(STOPPED) from None
