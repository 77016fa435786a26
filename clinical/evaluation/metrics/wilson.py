"""How sure a share of independent things is, also where all or none of them hold, of which resampling knows nothing.

Source: Wilson EB, J Am Stat Assoc 1927;22:209 (the score interval).
"""

from collections.abc import Sequence
from math import sqrt

from clinical.evaluation.metrics.bootstrap import Interval

# The 97.5th percentile of the normal distribution.
Z = 1.959964


def share_interval(marks: Sequence[bool]) -> Interval | None:
    """Return the 95% interval of the share of marks that are true; None where there are none."""
    if not marks:
        return None
    n, share = len(marks), sum(marks) / len(marks)
    centre = share + Z**2 / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    low, high = ((centre + way * half) / (1 + Z**2 / n) for way in (-1, 1))
    return max(low, 0.0), min(high, 1.0)
