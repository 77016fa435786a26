"""JSON Web Tokens of others, and the key sets that prove them."""
