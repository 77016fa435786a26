"""What the training of the claim checker is made of: altered claims, examples, folds, the network."""
