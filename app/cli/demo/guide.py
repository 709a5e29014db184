"""What to know when the demonstration has started: whom one can be, with which password and code."""

import pyotp

from app.cli.demo.people import BYSTANDERS
from app.extensions.clock import local, now
from app.models import RealNameState

_PERIOD = 30  # seconds, RFC 6238
_STANDING = {
    RealNameState.VERIFIED: "实名认证通过 verified",
    RealNameState.WAITING: "待核验 waits for the counter",
    RealNameState.REJECTED: "认证未通过 was rejected",
    RealNameState.INCOMPLETE: "资料未完善 has to complete the data",
}


def guide(password: str, second_factor: str) -> str:
    """The demo accounts in Chinese and English, with the one-time code of this half-minute."""
    moment = now()
    code = pyotp.TOTP(second_factor).at(moment)
    left = _PERIOD - int(moment.timestamp()) % _PERIOD
    individuals = "\n".join(
        f"      {one.id_number}  {one.name}（{_STANDING[one.real_name]}）" for one in BYSTANDERS
    )
    return f"""
  演示账号 · Demo accounts, password {password}
    企业 enterprises   qiye-changsha-1  qiye-changsha-2  qiye-shaoyang-1  qiye-zhuzhou-1（资料未完善 incomplete）
    个人 individuals   log in by ID number（初始状态 as first loaded）
{individuals}
    市州 cities        changsha  shaoyang  zhuzhou …
    省厅 province      province  province-2
    管理 operation     province-admin  admin  auditor
    动态口令 one-time code of officers at {local(moment):%H:%M:%S}: {code} ({left} s; secret {second_factor})
"""
