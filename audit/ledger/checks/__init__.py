"""What `audit.ledger.checking` checks, part by part."""
