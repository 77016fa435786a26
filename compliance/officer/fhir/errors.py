"""What can be wrong with a search. Messages name parameters, never their values."""

from compliance.errors import ComplianceError


class SearchInvalid(ComplianceError):
    """A search parameter, or the cursor of a page, cannot be used."""
