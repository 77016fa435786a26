"""What people export from databases and reference managers: text, a record after the other."""
