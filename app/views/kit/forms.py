"""Forms made from a model's own words: what is asked, what was typed, what is wrong, and who was first."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import inspect
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.meta import DefaultMeta

from app.security.login.current import current_actor
from app.views.kit import fields
from app.views.kit.columns import Attribute, Choices, Column, Kind, attribute, cell, options
from app.views.kit.filtering import day
from app.views.kit.relating import Lookup, Related, chosen, target
from app.views.kit.words import Words

if TYPE_CHECKING:
    from app.views.kit.uploads import Uploads

_SEEN = "seen"
_LONGEST_SEEN = 20_000


@dataclass(frozen=True)
class Field:
    """A field that is asked in other words, or otherwise, than its column says."""

    name: str
    label: Any = None
    hint: Any = ""
    unit: Any = ""
    required: bool | None = None
    readonly: bool = False
    choices: Choices | None = None
    parent: str = "region_code"
    """For a county: the attribute that holds its city."""
    wide: bool = False
    opened: bool = False
    """Asked although the column is `fixed`: for the screen of those who make such rows."""
    lookup: Lookup | None = None
    """For a column that points at another row: how that row is searched."""


@dataclass(frozen=True)
class Fieldset:
    """A titled group of fields; a plain name stands for a field as its column describes it."""

    title: Any
    fields: Sequence[str | Field]
    note: Any = ""


def described(one: str | Field) -> Field:
    return Field(one) if isinstance(one, str) else one


@dataclass(frozen=True)
class Asked:
    """A field as the page shows it."""

    name: str
    kind: str
    label: str
    hint: str
    unit: str
    required: bool
    readonly: bool
    wide: bool
    value: str
    choices: Sequence[tuple[str, str]] | None = None
    longest: int | None = None
    errors: Sequence[str] = ()
    stored: str = ""
    text: str = ""
    """What the row is called that the value points at."""
    inputmode: str = ""
    autocomplete: str = ""
    theirs: str | None = None
    """What somebody else saved meanwhile, where it is not what was typed here."""

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def notes(self) -> Sequence[str]:
        """The ids of what is said beside the field, each apart, in the order of the page."""
        said = {"stored": self.stored, "hint": self.hint, "theirs": self.theirs, "error": self.errors}
        return [f"{self.id}-{name}" for name, text in said.items() if text]

    @property
    def pickable(self) -> bool:
        """False for a day that was typed wrong: a browser's own date field would show nothing of it."""
        return self.kind == Kind.DAY and (not self.value or day(self.value) is not None)


@dataclass(frozen=True)
class Problem:
    """A line of the summary over the form; `id` is empty when no one field is meant."""

    id: str
    label: str
    message: str
    warning: bool = False


class _Meta(DefaultMeta):
    def get_translations(self, form: Any) -> None:
        """Our fields bring their own translated sentences."""


class _Base(Form):
    Meta = _Meta


class RecordForm:
    """The form over one row. Only what the fieldsets name can be asked, and only that can be written."""

    def __init__(
        self,
        model: type,
        fieldsets: Sequence[Fieldset],
        row: Any,
        words: Words,
        sent: MultiDict[str, str] | None = None,
        *,
        boxes: Mapping[str, Any] | None = None,
    ) -> None:
        self.boxes = boxes or {}
        self.about_oneself = False
        self.model, self.fieldsets, self.row, self.words = model, fieldsets, row, words
        self.sent = sent
        self.extra: list[Problem] = []
        self.conflicts: dict[str, str] = {}
        self.declared = {one.name: one for group in fieldsets for one in map(described, group.fields)}
        self.known = {name: attribute(model, name) for name in self.declared}
        words.prepare(known.dictionary for known in self.known.values() if known.dictionary)
        self.kept = {name: self._kept(known) for name, known in self.known.items()}
        unbound = {name: self._unbound(name) for name in self.declared if self.writable(name)}
        stored = {name: self._stored(name) for name in unbound}
        self.form = type("RecordForm", (_Base,), unbound)(sent, data=stored)

    @property
    def stored(self) -> bool:
        """False for a row that is being added."""
        return is_stored(self.row)

    def writable(self, name: str) -> bool:
        """State, owner, keys and what the law fixes are never taken from a form, whatever is sent."""
        known, one = self.known[name], self.declared[name]
        named_for_good = known.natural_key and self.stored
        fixed = known.fixed and not one.opened
        owned = known.owned and one.lookup is None
        return not (fixed or owned or known.path or one.readonly or named_for_good)

    def _required(self, name: str) -> bool:
        given = self.declared[name].required
        return self.known[name].required if given is None else given

    def _stored(self, name: str) -> Any:
        known = self.known[name]
        if known.kind in {Kind.SEALED, Kind.WRITE_ONLY}:
            return None
        return known.of(self.row)

    def _unbound(self, name: str) -> Any:
        known, one = self.known[name], self.declared[name]
        validators: list[Any] = []
        if self._required(name) and known.kind is not Kind.FLAG:
            validators.append(fields.Required(self.label(name), kept=bool(self.kept[name])))
        if known.longest and known.kind is not Kind.AMOUNT:
            validators.append(fields.Longest(known.longest))
        validators.append(fields.WellFormed())
        if one.lookup is not None:
            return fields.Related(validators=validators, id=f"f-{name}", find=partial(self._found, one))
        return fields.unbound(known, self._choices(known, one), validators)

    def _found(self, one: Field, value: str) -> Related | None:
        """The related row of this key in the actor's scope."""
        relation = target(self.model, one.name)
        return chosen(relation, one.lookup or Lookup(), current_actor(), value)

    def _kept(self, known: Attribute) -> str:
        """What stays when a sealed field is left empty: its masked text, or dots for what is never shown."""
        if known.kind is Kind.SEALED:
            return known.of(self.row) or ""
        written = known.kind is Kind.WRITE_ONLY and getattr(self.row, known.name) is not None
        return "••••••" if written else ""

    def _choices(self, known: Attribute, one: Field) -> Sequence[tuple[str, str]] | None:
        kept = known.of(self.row) if known.kind in {Kind.CHOICE, Kind.REGION} else None
        if one.choices is not None:
            return [(code, str(text)) for code, text in options(one.choices)]
        if known.kind is Kind.CHOICE:
            return self.words.choices(known.dictionary, kept)
        if known.kind is not Kind.REGION:
            return None
        if known.name == "county_code":
            city = getattr(self.row, one.parent, None) or ""
            return self.words.counties(city, kept) if city else []
        return self.words.cities()

    def label(self, name: str) -> str:
        given = self.declared[name].label
        return str(self.known[name].label if given is None else given)

    # ------------------------------------------------------------ what was sent

    def validate(self) -> bool:
        """True when everything can be written. Every fault is found, not only the first."""
        return bool(self.form.validate()) and not self.extra

    def fill(self, row: Any) -> None:
        """Write what was typed into the row; a sealed field that was left empty keeps what is stored."""
        for name, field in self.form._fields.items():
            known = self.known[name]
            if known.kind in {Kind.SEALED, Kind.WRITE_ONLY} and field.data is None:
                continue
            value = field.data
            if value is None and not known.nullable and known.kind is not Kind.DAY:
                value = ""
            setattr(row, name, value)

    def refuse(self, name: str, message: Any, *, warning: bool = False) -> None:
        """Put a finding beside its field, or into the summary alone when the form has no such field."""
        if name in self.form and not warning:
            field = self.form[name]
            field.errors = [*field.errors, str(message)]
        elif name in self.declared or name in self.boxes:
            label = self.label(name) if name in self.declared else str(self.boxes[name])
            self.extra.append(Problem(f"f-{name}", label, str(message), warning))
        else:
            self.extra.append(Problem("", "", str(message), warning))

    def refuse_at(self, anchor: str, label: str, message: str) -> None:
        """A finding at something of the page that is no column, such as a file."""
        self.extra.append(Problem(anchor, label, message))

    def said_at(self, name: str) -> list[str]:
        """The findings at a box that the form's own template asks."""
        return [one.message for one in self.extra if one.id == f"f-{name}"]

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, each once, in the order of the page."""
        found = [
            Problem(f"f-{name}", self.label(name), message)
            for name in self.declared
            if name in self.form
            for message in self.form[name].errors
        ]
        return list(dict.fromkeys(found + self.extra))

    # ------------------------------------------------------------ who was first

    @property
    def seen(self) -> str:
        """Marks of the stored values that this page was made from; it comes back with the form."""
        return json.dumps(self._marks(), separators=(",", ":"))

    def _marks(self) -> dict[str, str]:
        return {name: _mark(self.known[name].of(self.row)) for name in self.declared}

    def changed_meanwhile(self, sent: Mapping[str, str]) -> bool:
        """True when a value of this form was saved by somebody else since the page was opened."""
        try:
            before = json.loads(sent.get(_SEEN, "{}")[:_LONGEST_SEEN])
        except (ValueError, RecursionError):
            before = {}
        now = self._marks()
        if not isinstance(before, dict):
            before = {}
        self.conflicts = {name: self._shown(name) for name, mark in now.items() if before.get(name) != mark}
        return bool(self.conflicts)

    def _shown(self, name: str) -> str:
        if self.declared[name].lookup is not None:
            return self._related_text(self.declared[name], self.known[name].of(self.row))
        column = Column(name, choices=self.declared[name].choices)
        return cell(self.model, column, self.row, self.words).text or str(_("(empty)"))

    # ------------------------------------------------------------ what the page shows

    def groups(self) -> Iterator[tuple[Fieldset, list[Asked]]]:
        for group in self.fieldsets:
            yield group, [self._asked(described(one)) for one in group.fields]

    def sections(self, uploads: "Uploads | None" = None) -> list[tuple[str, str, int]]:
        """The parts of the page for the way to them: id, title, and how many things are wrong there."""
        found = [
            (f"section-{place}", str(group.title), sum(len(one.errors) for one in asked))
            for place, (group, asked) in enumerate(self.groups(), 1)
        ]
        if uploads is not None and uploads.slots:
            faults = sum(len(slot.errors) for slot in uploads.slots)
            found.append(("section-files", str(_("Attachments")), faults))
        return found

    def _asked(self, one: Field) -> Asked:
        known = self.known[one.name]
        field = self.form[one.name] if one.name in self.form else None  # noqa: SIM401 - a form has no get()
        if field is not None and one.lookup is not None:
            return self._asked_relation(one, field)
        value = self._shown_or_empty(one) if field is None else fields.typed(field)
        if field is not None and known.kind is Kind.FLAG:
            value = "1" if field.data else ""
        if one.name.endswith("password"):
            value = ""  # what else was wrong, a password is not sent back
        return Asked(
            name=one.name,
            kind=str(known.kind),
            label=self.label(one.name),
            hint=str(one.hint),
            unit=str(one.unit),
            required=self._required(one.name) and field is not None and known.kind is not Kind.FLAG,
            readonly=field is None,
            wide=one.wide or known.kind in {Kind.LONG_TEXT, Kind.TERMS},
            value=value,
            choices=getattr(field, "offered", None),
            longest=known.longest if known.kind is not Kind.AMOUNT else None,
            errors=tuple(dict.fromkeys(field.errors)) if field is not None else (),
            stored=self.kept[one.name] if field is not None else "",
            inputmode=fields.inputmode(known),
            autocomplete=fields.autocomplete(known, own=self.about_oneself),
            theirs=self.conflicts.get(one.name),
        )

    def _asked_relation(self, one: Field, field: Any) -> Asked:
        value = fields.typed(field)
        return Asked(
            name=one.name,
            kind="relation",
            label=self.label(one.name),
            hint=str(one.hint),
            unit="",
            required=self._required(one.name),
            readonly=False,
            wide=one.wide,
            value=value,
            text=field.chosen.text if field.chosen else self._related_text(one, value),
            errors=tuple(dict.fromkeys(field.errors)),
            theirs=self.conflicts.get(one.name),
        )

    def _related_text(self, one: Field, value: Any) -> str:
        """What the related row is called; of one beyond the actor's scope not even that is told."""
        if value in {None, ""}:
            return ""
        related = self._found(one, str(value))
        return related.text if related else str(_("(cannot be shown to you)"))

    def _shown_or_empty(self, one: Field) -> str:
        if one.lookup is not None:
            return self._related_text(one, self.known[one.name].of(self.row))
        return cell(self.model, Column(one.name, choices=one.choices), self.row, self.words).text


def is_stored(row: Any) -> bool:
    return bool(inspect(row).persistent)


def _mark(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:10]
