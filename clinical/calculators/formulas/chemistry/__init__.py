"""Kidneys, salts, acids, liver, lipids and sugar."""
