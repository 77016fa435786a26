"""The CDS Hooks protocol, the service's side: who calls, what for, with which data, and how we answer."""
