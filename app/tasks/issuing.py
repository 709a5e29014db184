"""Issuing: the signed file of a certificate is made here, after the commit that gave it its number."""

from app.services import certificates
from app.signing.client import SignerClient, SignerUnavailable
from app.tasks.worker import NotYet, Work


def issue_certificate(work: Work) -> None:
    """Issue the certificate of the payload; without the signer it waits, and nothing is issued unsigned."""
    signer = SignerClient(work.config.socket)
    try:
        certificates.issue(work.session, work.payload["certificate_id"], signer, work.config.base_url)
    except SignerUnavailable as error:
        raise NotYet(str(error)) from error


JOBS = {certificates.JOB: issue_certificate}
