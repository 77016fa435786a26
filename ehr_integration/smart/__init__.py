"""SMART App Launch 2.2: how an EHR opens us for its user, and how we come to it on our own."""
