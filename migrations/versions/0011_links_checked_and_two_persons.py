"""links of sources are checked; proposals wait for a second editor"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entity', sa.String(), nullable=False),
    sa.Column('entity_key', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('edit', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.String(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_by', sa.String(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_because', sa.String(), nullable=True),
    sa.Column('kept_version', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'approved', 'rejected')", name=op.f('ck_proposals_state')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> proposed_by', name=op.f('ck_proposals_two_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals'))
    )
    op.create_index(op.f('ix_proposals_entity_proposals_entity_key'), 'proposals', ['entity', 'entity_key'])
    op.create_index(op.f('ix_proposals_state'), 'proposals', ['state'])
    op.add_column('sources', sa.Column('link_url', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('link_due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('sources', sa.Column('link_reason', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('link_moved_to', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('link_failures', sa.Integer(), server_default='0', nullable=False))
    op.add_column('sources', sa.Column('link_failing_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('sources', sa.Column('link_text_hash', sa.String(), nullable=True))
    op.add_column('sources', sa.Column('link_text_looks', sa.Integer(), server_default='0', nullable=False))
    op.add_column('sources', sa.Column('link_text_changed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_sources_link_due_at'), 'sources', ['link_due_at'])
