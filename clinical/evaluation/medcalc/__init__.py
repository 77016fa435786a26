"""MedCalc-Bench's rows become what our calculators ask for."""
