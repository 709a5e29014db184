"""Social insurance: by which unit a person was insured in given months (docs/integrations/social-insurance.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from stdnum.cn import uscc

from app.integrations.fields import Fields
from app.integrations.signed_http import SignedClient, connect
from config import Config

PATH = "/v1/insured-months"
MOST_MONTHS, _MOST_UNITS = 24, 20


@dataclass(frozen=True)
class Unit:
    """Who pays: an enterprise or another unit, by its unified social credit code."""

    code: str
    name: str


@dataclass(frozen=True)
class InsuredMonth:
    """One month, as in 2026-05, and the units that had the person insured in it; none: nobody had."""

    month: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class InsuranceRecord:
    """What the social insurance knew on the day `as_of`, month by month in the order that was asked."""

    as_of: date
    months: tuple[InsuredMonth, ...]


class SocialInsurance:
    """Asks the social insurance of the province; `client` signs, and knows the other side."""

    def __init__(self, client: SignedClient) -> None:
        self._client = client

    @classmethod
    def connected(cls, config: Config) -> "SocialInsurance":
        """As the operator has set it up. Raises `NotConnected`."""
        source = _l("Social insurance")
        return cls(connect(config.social_insurance, source=source, production=config.production))

    def insured(self, credit_code: str, id_number: str, months: Sequence[str]) -> InsuranceRecord:
        """Who had this person insured in these months. Raises `Unreachable` or `WrongAnswer`.

        The other side is told which unit says that it employs the person, so that it can answer for units that it
        knows by an older code.
        """
        asked = {"credit_code": credit_code, "id_number": id_number, "months": list(months)}
        answer = Fields(self._client.post(PATH, asked), self._client, "answer")
        found = tuple(_month(one) for one in answer.objects("months", MOST_MONTHS))
        if [one.month for one in found] != list(months):
            answer.refuse("months")
        return InsuranceRecord(answer.past_day("as_of"), found)


def _month(answer: Fields) -> InsuredMonth:
    units = tuple(_unit(one) for one in answer.objects("units", _MOST_UNITS))
    if len({one.code for one in units}) != len(units):
        answer.refuse("units")
    return InsuredMonth(answer.word("month", 7), units)


def _unit(answer: Fields) -> Unit:
    code = answer.word("credit_code", 18)
    if not uscc.is_valid(code) or code != uscc.compact(code):
        answer.refuse("credit_code")
    return Unit(code, answer.word("name", 200))
