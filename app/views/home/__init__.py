"""The page that people meet when they have logged in: for each role what waits for it, and the way there."""
