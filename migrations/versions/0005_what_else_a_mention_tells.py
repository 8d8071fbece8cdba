"""what else a mention tells"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('mentions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('modes', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('seller', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('placement', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('dates', sa.JSON(), server_default='[]', nullable=False))
