"""MedCalc-Bench in our calculators' words."""
