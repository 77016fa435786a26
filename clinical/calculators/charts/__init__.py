"""What a chart tells of inputs: conditions, measurements with their age, and the scores that it can fill."""
