"""area of governments"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('jurisdictions', sa.Column('land_km2', sa.Double(), nullable=True))
    op.add_column('jurisdictions', sa.Column('water_km2', sa.Double(), nullable=True))
