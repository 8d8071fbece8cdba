"""the desk of editors"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refused', sa.JSON(), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(), nullable=True),
    sa.CheckConstraint("decision IN ('confirm', 'dismiss', 'merge', 'attach')", name=op.f('ck_decisions_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    op.create_table('snoozes',
    sa.Column('task', sa.String(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('task', name=op.f('pk_snoozes'))
    )
    op.create_table('decision_steps',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('entity', sa.String(), nullable=False),
    sa.Column('entity_key', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name=op.f('fk_decision_steps_decision_id_decisions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('decision_id', 'position', name=op.f('pk_decision_steps'))
    )
    op.create_table('mention_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mention_id', sa.Integer(), nullable=False),
    sa.Column('noun', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('attached_by', sa.String(), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('status_version', sa.Integer(), nullable=True),
    sa.CheckConstraint("noun IN ('deployment', 'policy')", name=op.f('ck_mention_links_noun')),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name=op.f('fk_mention_links_decision_id_decisions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mention_id'], ['mentions.id'], name=op.f('fk_mention_links_mention_id_mentions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mention_links')),
    sa.UniqueConstraint('mention_id', 'noun', 'key', name=op.f('uq_mention_links_mention_id_noun_key'))
    )
    with op.batch_alter_table('mention_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mention_links_decision_id'), ['decision_id'], unique=False)
        batch_op.create_index('ix_mention_links_thing', ['noun', 'key'], unique=False)

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('has_shortcuts', sa.Boolean(), server_default=sa.true(), nullable=False))
