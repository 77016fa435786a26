"""The demo EHR's pages: a small record to look at, cards beside it, and apps that it launches."""
