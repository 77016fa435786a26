"""A point in time by which everything asked of an EHR must be answered."""

import time
from dataclasses import dataclass
from typing import Self

from ehr_integration.errors import EhrTimeout


@dataclass(frozen=True)
class Deadline:
    """The end of the time given to one chart read, on the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return a deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, always above zero.

        Raises: EhrTimeout.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise EhrTimeout("The EHR did not answer in time: retry, or raise FHIR_DEADLINE_SECONDS")
        return left
