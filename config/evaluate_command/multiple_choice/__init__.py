"""`manage.py evaluate multiple-choice`: its options, its runs and its report."""
