"""The one way in which a print fails."""


class PrintFailed(Exception):
    """No paper was made; the message says in English what the renderer could not do (for the log and the job)."""
