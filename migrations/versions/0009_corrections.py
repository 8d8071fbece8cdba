"""corrections"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('corrections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity', sa.String(), nullable=False),
    sa.Column('entity_key', sa.String(), nullable=False),
    sa.Column('seen_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('source_url', sa.String(), nullable=True),
    sa.Column('email', sa.String(), nullable=True),
    sa.Column('sender', sa.String(), nullable=True),
    sa.Column('network', sa.String(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('revision_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'accepted') = (revision_id IS NOT NULL)", name=op.f('ck_corrections_carried_out')),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_corrections_decided')),
    sa.CheckConstraint("state = 'open' OR email IS NULL", name=op.f('ck_corrections_email_erased')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'spam')", name=op.f('ck_corrections_state')),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_corrections_revision_id_revisions')),
    sa.ForeignKeyConstraint(['seen_id'], ['revisions.id'], name=op.f('fk_corrections_seen_id_revisions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corrections'))
    )
    with op.batch_alter_table('corrections', schema=None) as batch_op:
        batch_op.create_index('ix_corrections_entity', ['entity', 'entity_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_corrections_received_at'), ['received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_corrections_revision_id'), ['revision_id'], unique=False)
        batch_op.create_index('ix_corrections_state', ['state', 'id'], unique=False)
