"""Issuing: the signed file of a certificate is made here, after the commit that gave it its number."""

from app.services import certificates
from app.signing.client import SignerClient
from app.tasks.worker import Work


def issue_certificate(work: Work) -> None:
    certificates.issue(
        work.session,
        work.payload["certificate_id"],
        SignerClient(work.config.socket),
        work.config.base_url or "http://127.0.0.1:8000",
    )


JOBS = {certificates.JOB: issue_certificate}
