"""From the address to SQL: what each filter is asked for, in words and as a condition; nonsense is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_

from app.extensions.clock import SHANGHAI, today
from app.extensions.search import contains
from app.security.login.current import current_actor
from app.views.kit import offering, sealing
from app.views.kit.columns import Attribute, Kind, attribute
from app.views.kit.filtering import Asks, Condition, Filter, clean, day
from app.views.kit.periods import PERIODS
from app.views.kit.words import Words

Arguments = Mapping[str, str]
_LARGEST, _MOST_VALUES = 2**31 - 1, 50


@dataclass(frozen=True)
class Applied:
    """A filter that is on: what the person sees of it, the SQL, and the arguments that make it."""

    name: str
    label: str
    text: str
    condition: Condition
    arguments: Mapping[str, str | Sequence[str]]


@dataclass
class Asked:
    """One filter and the address; `notes` says in words what was left out."""

    filter: Filter
    model: Any
    arguments: Arguments
    words: Words
    notes: list[str]

    @property
    def label(self) -> str:
        return str(self.filter.text(self.model))

    @property
    def name(self) -> str:
        return self.filter.name

    def applied(self, text: str, condition: Condition, **arguments: str | Sequence[str]) -> Applied:
        return Applied(self.name, self.label, text, condition, arguments)

    def note(self, value: str) -> None:
        self.notes.append(_("%(filter)s: “%(value)s” is not possible here.", filter=self.label, value=value))


def applied(
    one: Filter, model: Any, arguments: Arguments, words: Words, notes: list[str] | None = None
) -> Applied | None:
    """The filter as the address asks for it, or None when it asks for nothing or for nonsense."""
    asked = Asked(one, model, arguments, words, notes if notes is not None else [])
    by_kind = {Asks.CHOICE: _choice, Asks.PERIOD: _period, Asks.RELATION: _relation, Asks.SEALED: _sealed}
    return by_kind.get(one.asks(model), _typed)(asked)


def values(arguments: Arguments, name: str) -> list[str]:
    """Every value that the address has for this name, each once."""
    listed = getattr(arguments, "getlist", None)
    found = listed(name) if listed else [arguments[name]] if name in arguments else []
    return [one for one in dict.fromkeys(map(clean, found)) if one][:_MOST_VALUES]


def _choice(asked: Asked) -> Applied | None:
    wanted = values(asked.arguments, asked.name)
    if not wanted:
        return None
    offered = dict(asked.filter.offered(asked.model, asked.words))
    for one in wanted:
        if one not in offered:
            asked.note(one)
    known = [one for one in offered if one in wanted]
    if not known:
        return None
    argument: str | Sequence[str] = known[0] if len(known) == 1 else known
    condition = _is_one_of(asked, known)
    return asked.applied(_joined([offered[one] for one in known]), condition, **{asked.name: argument})


def _is_one_of(asked: Asked, wanted: Sequence[str]) -> Condition:
    if asked.filter.where:
        return or_(*(asked.filter.where(one) for one in wanted))
    known = attribute(asked.model, asked.name)
    column = getattr(asked.model, known.name)
    if known.kind is Kind.FLAG:
        return or_(*(column.is_(one == "1") for one in wanted))
    found: Condition = column == wanted[0] if len(wanted) == 1 else column.in_(wanted)
    return found


def _joined(texts: Sequence[str]) -> str:
    return str(_(", ")).join(texts)


def _typed(asked: Asked) -> Applied | None:
    typed, argument = carried(asked.arguments.get(asked.name, ""))
    if not typed:
        if argument:
            asked.notes.append(expired(asked.label))
        return None
    condition = asked.filter.where(typed) if asked.filter.where else _equal(asked, typed)
    if condition is None:
        asked.note(typed)
        return None
    shown = typed if argument == typed else sealing.masked(typed)
    return asked.applied(shown, condition, **{asked.name: argument})


def _equal(asked: Asked, typed: str) -> Condition | None:
    known = attribute(asked.model, asked.name)
    column = getattr(asked.model, known.name)
    found: Condition | None
    if known.kind is Kind.WHOLE:
        found = column == int(typed) if _is_whole(typed) else None
    elif known.kind in {Kind.TEXT, Kind.LONG_TEXT}:
        found = contains(column, typed)
    else:
        found = column == typed
    return found


def _is_whole(typed: str) -> bool:
    digits = typed.removeprefix("-")
    short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(_LARGEST))
    return short and int(digits) <= _LARGEST


def _sealed(asked: Asked) -> Applied | None:
    """An exact personal datum by its blind index; the address carries it encrypted, the chip masked."""
    sent = asked.arguments.get(asked.name, "")
    plain, token = opened(sent)
    if not plain:
        if sent.strip():
            asked.notes.append(expired(asked.label))
        return None
    field = getattr(asked.model, asked.name)
    return asked.applied(field.mask(plain), field.equals(asked.model, plain), **{asked.name: token})


def opened(sent: str) -> tuple[str, str]:
    """What was typed, and the token that stands for it in the address; nothing for a token of another session."""
    if sealing.is_token(sent):
        return sealing.unseal(sent) or "", sent
    plain = clean(sent)
    return plain, sealing.seal(plain) if plain else ""


def carried(sent: str) -> tuple[str, str]:
    """A text, and how the address carries it: as it is, or sealed when it holds the number of a person."""
    plain = clean(sent)
    if sealing.is_token(sent) or sealing.names_a_person(plain):
        return opened(sent)
    return plain, plain


def expired(label: str) -> str:
    return str(
        _("%(filter)s: this search belonged to a session that has ended. Please type it again.", filter=label)
    )


def _relation(asked: Asked) -> Applied | None:
    wanted = values(asked.arguments, asked.name)
    like, argument = carried(asked.arguments.get(f"{asked.name}_like", ""))
    relation = asked.filter.relation(asked.model)
    if relation is None:
        return _looked_up(asked, wanted, like)
    actor, column = current_actor(), getattr(asked.model, asked.name)
    named = offering.named(relation, actor, wanted)
    for one in wanted:
        if one not in named:
            asked.note(one)
    conditions, texts, kept = [], list(named.values()), {}
    if named:
        conditions.append(column.in_([int(key) for key in named]))
        kept[asked.name] = list(named)
    if like:
        conditions.append(offering.holding(relation, actor, column, like))
        texts.append(f"“{like if argument == like else sealing.masked(like)}”")
        kept[f"{asked.name}_like"] = [argument]
    return asked.applied(_joined(texts), or_(*conditions), **kept) if conditions else None


def _looked_up(asked: Asked, wanted: Sequence[str], like: str) -> Applied | None:
    """Values that a function of the screen finds; what was typed stands for whatever it finds."""
    lookup, where = asked.filter.lookup, asked.filter.where
    found = [value for value, _text in lookup(like)] if lookup and like else []
    every = [*dict.fromkeys((*wanted, *found))]
    if like and not found:
        asked.note(like)
    if where is None or not every:
        return None
    return asked.applied(_joined(every), or_(*(where(one) for one in every)), **{asked.name: every})


def _period(asked: Asked) -> Applied | None:
    known = attribute(asked.model, asked.name)
    code = asked.arguments.get(asked.name, "")
    begin, end, kept = _span(asked)
    text = f"{begin.isoformat() if begin else '…'} – {end.isoformat() if end else '…'}"
    if code in PERIODS and not kept:
        label, span = PERIODS[code]
        begin, end = span(today())
        text, kept = str(label), {asked.name: code}
    if not kept:
        return None
    if begin and end and end < begin:
        asked.notes.append(_("%(filter)s: the period ends before it begins.", filter=asked.label))
    column = getattr(asked.model, known.name)
    conditions = [column >= _edge(known, begin)] if begin else []
    if end:
        # The last day belongs to the range, for an instant up to its last moment in the province.
        conditions.append(column < _edge(known, end + timedelta(days=1)))
    condition = conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]
    return asked.applied(text, condition, **kept)


def _span(asked: Asked) -> tuple[date | None, date | None, dict[str, str]]:
    """The days that were typed."""
    kept, found = {}, []
    for argument in (f"{asked.name}_from", f"{asked.name}_to"):
        typed = clean(asked.arguments.get(argument, ""))
        value = day(typed)
        if value:
            kept[argument] = value.isoformat()
        elif typed:
            asked.note(typed)
        found.append(value)
    return found[0], found[1], kept


def _edge(known: Attribute, value: date) -> date | datetime:
    if known.kind is Kind.DAY:
        return value
    return datetime.combine(value, time.min, SHANGHAI).astimezone(UTC)
