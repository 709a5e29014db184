"""The second factor of officers: a code from an authenticator, valid once."""

import io

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.extensions.clock import now
from app.extensions.vault import vault
from app.models import Account

_ISSUER = "湖南省二级建造师公共服务平台"
_PURPOSE = "second factor"
_DIGITS = 6
# A clock may be off by half a minute to either side.
_WINDOW = 1


def new_secret() -> str:
    return pyotp.random_base32()


def matched_step(secret: str, code: str) -> int | None:
    """The half-minute for which this is the code; None when it is for none near now."""
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=now(), valid_window=_WINDOW)
    except OTPVerificationError:
        return None


def accept(session: Session, account: Account, code: str) -> bool:
    """Whether the code is right and was never used; of two at once one is let in. The caller commits."""
    step = matched_step(account.second_factor, code) if account.second_factor else None
    return step is not None and _use(session, account, step)


def _use(session: Session, account: Account, step: int) -> bool:
    used = session.execute(
        update(Account)
        .where(
            Account.id == account.id,
            or_(Account.second_factor_step.is_(None), Account.second_factor_step < step),
        )
        .values(second_factor_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]


def enrol(session: Session, account: Account, secret: str, code: str) -> bool:
    """Keep the secret once its code was shown, which ends the account's sessions. The caller commits."""
    step = matched_step(secret, code)
    if step is None:
        return False
    account.second_factor = secret
    account.second_factor_step = step
    session.flush()
    return True


def enclosed(secret: str) -> str:
    """The secret as it may lie in a session until the authenticator has confirmed it."""
    return vault.encrypt(secret.encode(), _PURPOSE).hex()


def opened(enclosed_secret: str) -> str:
    return vault.decrypt(bytes.fromhex(enclosed_secret), _PURPOSE).decode()


def picture(secret: str, login_name: str) -> bytes:
    """The QR code that an authenticator reads, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login_name, issuer_name=_ISSUER)
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, border=3, light="white", xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue()
