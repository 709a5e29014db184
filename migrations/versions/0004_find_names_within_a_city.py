"""Find names within a city."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SEARCHED = ("name", "enterprise_name")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    # A part of PostgreSQL itself (postgresql-contrib) that the owner of a database may switch on. It lets the city
    # stand in the index beside the characters: found apart, a third of a million rows of the city are read first.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    # The planner counts the function for every row that is passed over, and it runs for those alone that hold the text.
    op.execute("ALTER FUNCTION grams(text) COST 10")
    _index(within="region_code")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _index()
    op.execute("ALTER FUNCTION grams(text) COST 100")
    # The extension stays: something else may use it by now.


def _index(within: str | None = None) -> None:
    for column in _SEARCHED:
        name = f"ix_declaration_{column}_grams"
        op.drop_index(name, "declaration")
        before = [within] if within else []
        op.create_index(name, "declaration", [*before, sa.text(f"grams({column})")], postgresql_using="gin")
