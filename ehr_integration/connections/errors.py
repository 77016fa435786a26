"""What can be wrong with the registered EHRs.

ConnectionProblem
├── ConnectionsUnreadable   the file of connections cannot be read as one
├── ConnectionInvalid       a connection that cannot be: its message names the line
└── UnknownEhr              nobody registered this EHR
"""

from ehr_integration.errors import EhrError


class ConnectionProblem(EhrError):
    """The registered EHRs cannot be used as asked."""


class ConnectionsUnreadable(ConnectionProblem):
    """The file of connections is not readable, or not what it should be."""


class ConnectionInvalid(ConnectionProblem):
    """A connection that cannot be as it is written."""


class UnknownEhr(ConnectionProblem):
    """The EHR that was named is not registered."""
