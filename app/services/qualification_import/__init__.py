"""What the province's list of 资格证 looks like, and every rule that a row of it may break."""
