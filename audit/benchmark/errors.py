"""What can go wrong while measuring.

AuditError
└── BenchmarkFailed   a process of the benchmark could not do its part
"""

from audit.errors import AuditError


class BenchmarkFailed(AuditError):
    """A process of the benchmark, or its database, could not do its part."""
