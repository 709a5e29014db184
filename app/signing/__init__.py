"""How paper is trusted: seals on PDFs, their verification, and the process that holds the key."""
