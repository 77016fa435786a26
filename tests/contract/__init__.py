"""Clients that we did not write, against our servers. `make contract` fetches them and runs these tests."""
