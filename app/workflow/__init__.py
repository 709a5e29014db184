"""How a declaration moves: states, legal moves, checks, and the one function that moves."""
