"""Locks of registrations, who employed whom, and one draft."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DRAFT = sa.text("state = 'draft'")


def _one_draft() -> None:
    """Of drafts that were begun twice the one that was changed last goes on; nothing is deleted."""
    op.execute(
        """
        UPDATE declaration SET state = 'lapsed'
        WHERE state = 'draft' AND EXISTS (
            SELECT 1 FROM declaration AS later
            WHERE later.state = 'draft' AND later.person_id = declaration.person_id
              AND later.type_key = declaration.type_key AND later.enterprise_id = declaration.enterprise_id
              AND (later.changed_at > declaration.changed_at
                   OR (later.changed_at = declaration.changed_at AND later.id > declaration.id))
        )
        """
    )
    op.create_index(
        "uq_declaration_draft",
        "declaration",
        ["person_id", "type_key", "enterprise_id"],
        unique=True,
        sqlite_where=_DRAFT,
        postgresql_where=_DRAFT,
    )


def upgrade() -> None:
    _one_draft()


def downgrade() -> None:
    op.drop_index(
        "uq_declaration_draft", table_name="declaration", sqlite_where=_DRAFT, postgresql_where=_DRAFT
    )
