"""Saving, sharing, renaming and deleting the views of a list, and setting up its columns and page."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.extensions.database import db
from app.extensions.refused import Refused
from app.models import ListSetting, SavedView
from app.security.access.roles import Actor
from app.security.access.scope import find, rows_of, sharing_group
from app.views.kit import keeping, sealing
from app.views.kit.filtering import clean
from app.views.kit.formats import normal
from app.views.kit.listing import SIZES, Listing, whole
from app.views.kit.requests import commit

if TYPE_CHECKING:
    from app.views.kit.lists import ListScreen

MOST_VIEWS, LONGEST_NAME = 20, 40
_LONGEST_FILTER = 2000


def change(screen: "ListScreen") -> Response:
    """`do` says what: save a view, or rename, replace, share or delete an own one."""
    acts = {"save": _save, "rename": _rename, "replace": _replace, "share": _share, "delete": _delete}
    act = acts.get(request.form.get("do", ""))
    if act is None:
        raise NotFound
    address = request.form.get("list", "").removeprefix("?")
    listing = screen.listing(MultiDict(parse_qsl(address)))
    key = act(screen, listing)
    commit()
    keeping.forget()
    return redirect(screen.url("list") + (listing.address(view=key) if key else listing.address(view=None)))


def _save(screen: "ListScreen", listing: Listing) -> int | None:
    actor = screen.actor
    own = rows_of(SavedView, actor).where(
        SavedView.owner_id == actor.account_id, SavedView.screen == screen.endpoint
    )
    count = db.session.scalar(select(func.count()).select_from(own.subquery())) or 0
    if count >= MOST_VIEWS:
        raise Refused(
            _("You have %(count)s views of this list already. Please delete one first.", count=count)
        )
    view = SavedView(
        screen=screen.endpoint,
        name=_name(screen),
        arguments=_stored(listing),
        columns=_columns(screen, listing),
        owner_id=actor.account_id,
        shared_role=_group(actor, listing) if "shared" in request.form else None,
    )
    db.session.add(view)
    db.session.flush()
    flash(_("The view “%(name)s” was saved.", name=view.name), "success")
    return view.id


def _rename(screen: "ListScreen", _listing: Listing) -> int | None:
    view = _own(screen)
    view.name = _name(screen, besides=view.id)
    return view.id


def _replace(screen: "ListScreen", listing: Listing) -> int | None:
    view = _own(screen)
    if view.shared_role:
        _group(screen.actor, listing)
    view.arguments, view.columns = _stored(listing), _columns(screen, listing)
    flash(_("The view “%(name)s” was saved.", name=view.name), "success")
    return view.id


def _share(screen: "ListScreen", listing: Listing) -> int | None:
    """Open it to the own group, or close it again."""
    view = _own(screen)
    stored = screen.listing(MultiDict(parse_qsl(view.arguments)))
    view.shared_role = _group(screen.actor, stored) if view.shared_role is None else None
    return view.id


def _delete(screen: "ListScreen", _listing: Listing) -> int | None:
    view = _own(screen)
    flash(_("The view “%(name)s” was deleted.", name=view.name), "success")
    db.session.delete(view)
    return None


def _own(screen: "ListScreen") -> SavedView:
    """A view that the account made itself; 404 for any other, shared or not."""
    view = find(db.session, SavedView, request.form.get("view", ""), screen.actor)
    if view.owner_id != screen.actor.account_id or view.screen != screen.endpoint:
        raise NotFound
    return view


def _name(screen: "ListScreen", besides: int | None = None) -> str:
    name = normal("", request.form.get("name", ""))
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("A view needs a name of at most %(count)s characters.", count=LONGEST_NAME))
    actor = screen.actor
    same = rows_of(SavedView, actor).where(
        SavedView.owner_id == actor.account_id, SavedView.screen == screen.endpoint, SavedView.name == name
    )
    taken = db.session.scalar(same)
    if taken is not None and taken.id != besides:
        raise Refused(_("You have a view named “%(name)s” already. Please choose another name.", name=name))
    return name


def _group(actor: Actor, listing: Listing) -> str:
    """Whom a view is shared with. A number that names one person is not handed on."""
    group = sharing_group(actor)
    if group is None:
        raise NotFound
    if any(sealing.is_token(one) for value in listing.filtering.values() for one in _listed(value)):
        raise Refused(_("A view that searches for the number of a person cannot be shared."))
    return group


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _stored(listing: Listing) -> str:
    """The filter and the order as they are kept: in plain words, since the column is encrypted."""
    if listing.notes:
        # The name of a view promises what it filters by.
        raise Refused(" ".join(str(note) for note in listing.notes))
    pairs = [(name, _plain(one)) for name, value in listing.filtering.items() for one in _listed(value)]
    pairs += [("sort", listing.arguments["sort"])] if "sort" in listing.arguments else []
    stored = urlencode(pairs)
    if len(stored) > _LONGEST_FILTER:
        raise Refused(_("This filter is too long for a view. Please choose fewer values."))
    return stored


def _plain(value: str) -> str:
    return sealing.unseal(value) or "" if sealing.is_token(value) else value


def _columns(screen: "ListScreen", listing: Listing) -> str:
    return json.dumps([one.name for one in screen.columns_for(screen.actor, listing.arguments)])


def opened(screen: "ListScreen", key: int) -> MultiDict[str, str]:
    """What a view of this list filters by. It was found in scope; should it be gone meanwhile, by nothing."""
    query = rows_of(SavedView, screen.actor).where(SavedView.id == key, SavedView.screen == screen.endpoint)
    view = db.session.scalar(query)
    return MultiDict(parse_qsl(view.arguments)) if view else MultiDict()


def set_up(screen: "ListScreen") -> Response:
    """Columns, their order, and the rows of a page, for this account and list."""
    sent = request.form
    listing = screen.listing(MultiDict(parse_qsl(sent.get("list", "").removeprefix("?"))))
    setting = _setting(screen)
    dropped: dict[str, None] = {"size": None}
    if "size" in sent:
        size = whole(sent.get("size"), screen.page_size)
        setting.size = size if size in SIZES else None
    if "columns_sent" in sent:
        names = [] if "reset" in sent else _chosen(screen, sent.getlist("columns"))
        view = _own_view(screen, listing)
        (view or setting).columns = json.dumps(names)
        dropped |= {} if view else {"view": None}
    commit()
    keeping.forget()
    return redirect(screen.url("list") + listing.address(**dropped))


def _setting(screen: "ListScreen") -> ListSetting:
    """What this account keeps of the list, begun when there is nothing yet."""
    actor, screen_name = screen.actor, screen.endpoint
    wanted = rows_of(ListSetting, actor).where(ListSetting.screen == screen_name)
    found: ListSetting | None = db.session.scalar(wanted)
    if found is not None:
        return found
    fresh = ListSetting(account_id=actor.account_id, screen=screen_name, columns="[]")
    try:
        with db.session.begin_nested():
            db.session.add(fresh)
    except IntegrityError:
        # Another tab of this account was first by a moment.
        fresh = db.session.scalars(wanted).one()
    return fresh


def _own_view(screen: "ListScreen", listing: Listing) -> SavedView | None:
    """The view that is open, when it is the account's own: its columns are what is being changed."""
    kept = keeping.kept(db.session(), screen.actor, screen.endpoint)
    view = kept.view(listing.arguments.get("view", ""))
    return find(db.session, SavedView, view.id, screen.actor) if view and view.own else None


def _chosen(screen: "ListScreen", sent: Sequence[str]) -> list[str]:
    """The columns that were ticked, in the order of the form: those that exist, each once."""
    known = {one.name for one in screen.choosable(screen.actor)}
    names = [name for name in dict.fromkeys(map(clean, sent)) if name in known]
    if not names:
        raise Refused(_("Please choose at least one column."))
    return names
