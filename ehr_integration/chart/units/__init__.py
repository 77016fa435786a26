"""Units of measurement: UCUM, how units are printed, and what is measured. Nothing is guessed."""
