"""How the vectors of stems are trained, and the weights of the ranking fitted."""
