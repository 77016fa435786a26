"""What a clinician asks, and gets; what a reviewer asks, and gets."""
