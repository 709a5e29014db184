"""Count a desk by its index alone, on SQLite as well."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DESKS = {
    "ix_declaration_region_state": ["region_code", "state", "due_on", "id"],
    "ix_declaration_state_due": ["state", "due_on", "id"],
}


def upgrade() -> None:
    for name, columns in _DESKS.items():
        op.drop_index(name, table_name="declaration")
        op.create_index(name, "declaration", [*columns, "submitted_at"], unique=False)


def downgrade() -> None:
    for name, columns in _DESKS.items():
        op.drop_index(name, table_name="declaration")
        op.create_index(name, "declaration", columns, unique=False, postgresql_include=["submitted_at"])
