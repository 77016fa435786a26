"""Addresses of the officer's pages."""
urlpatterns: list = []
