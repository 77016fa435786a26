"""Figures: pure functions of gold and found."""
