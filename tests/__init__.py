"""The tests: they mirror app/, and add house/ (guards), flows/ (stories), browser/ and golden/."""
