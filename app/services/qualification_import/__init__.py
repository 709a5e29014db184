"""The province's list of 资格证: its columns, every rule that a row of it may break, and what loading writes."""
