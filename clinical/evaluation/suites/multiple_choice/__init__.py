"""Multiple choice: what a model knows by itself, without the product's evidence, and whether another knows more."""
