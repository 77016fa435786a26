"""What the rest of the room uses: events to AuditEvents, and back."""

from audit.balp.building import audit_event
from audit.balp.reading import event_of, search_values

__all__ = ["audit_event", "event_of", "search_values"]
