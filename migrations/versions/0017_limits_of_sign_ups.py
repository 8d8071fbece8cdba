"""forms and the mails they cause are counted; where consent came from; links that say what was switched off; what endpoints answered last"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0015'
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('sign_ups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('network', sa.String(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ups'))
    )
    op.create_index(op.f('ix_sign_ups_at'), 'sign_ups', ['at'])
    op.create_table('mailed_persons',
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('mailed_at', sa.JSON(), nullable=False),
    sa.Column('last_at', TIME, nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_mailed_persons'))
    )
    with op.batch_alter_table('subscriptions') as batch_op:
        batch_op.add_column(sa.Column('consent_sender', sa.String(), nullable=True))
    with op.batch_alter_table('confirmations') as batch_op:
        batch_op.drop_constraint(op.f('ck_confirmations_purpose'), type_='check')
        purposes = "purpose IN ('confirm', 'manage', 'switched_off')"
        batch_op.create_check_constraint(op.f('ck_confirmations_purpose'), purposes)
    with op.batch_alter_table('endpoints') as batch_op:
        batch_op.add_column(sa.Column('asked_at', TIME, nullable=True))
        batch_op.add_column(sa.Column('answered_at', TIME, nullable=True))
        batch_op.add_column(sa.Column('answer', sa.String(), nullable=True))
