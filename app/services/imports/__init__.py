"""Lists that people fill in as workbooks: how they are read, checked, handed back and loaded."""
