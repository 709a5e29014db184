"""Who is it: sessions, passwords, second factor."""
