"""What is wrong between us and an EHR, and what to tell its team about it. Nothing is written anywhere."""
