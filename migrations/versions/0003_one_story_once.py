"""one story once"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('matter_links',
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('earlier_id', sa.Integer(), nullable=False),
    sa.Column('similarity', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['earlier_id'], ['matters.id'], name=op.f('fk_matter_links_earlier_id_matters'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_matter_links_matter_id_matters'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('matter_id', 'earlier_id', name=op.f('pk_matter_links'))
    )
    with op.batch_alter_table('matter_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_matter_links_earlier_id'), ['earlier_id'], unique=False)

    op.create_table('mention_bands',
    sa.Column('hash', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('mention_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['mention_id'], ['mentions.id'], name=op.f('fk_mention_bands_mention_id_mentions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hash', 'mention_id', name=op.f('pk_mention_bands')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('mention_bands', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mention_bands_mention_id'), ['mention_id'], unique=False)

    op.create_table('mention_signatures',
    sa.Column('mention_id', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.Integer(), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.Column('headline', sa.BigInteger(), nullable=True),
    sa.Column('sketch', sa.LargeBinary(), nullable=False),
    sa.Column('kept_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['mention_id'], ['mentions.id'], name=op.f('fk_mention_signatures_mention_id_mentions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('mention_id', name=op.f('pk_mention_signatures'))
    )
    with op.batch_alter_table('mention_signatures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mention_signatures_kept_until'), ['kept_until'], unique=False)

    allow_merged()


def allow_merged() -> None:
    """A mention may now stand in a story and be merged. SQLite rebuilds the table; what hangs on it stays, because
    foreign keys sleep while migrations run. Both checks are named: a rebuilt table forgets those that are not."""
    stages = (
        'proposed', 'rfp', 'contract', 'pilot', 'deployed', 'policy_proposed', 'policy_adopted', 'ban_adopted',
        'moratorium', 'rollback', 'lawsuit', 'report', 'opposition', 'vendor_policy', 'other',
    )
    checks = {'state': "state IN ('pending', 'confirmed', 'dismissed', 'merged')"}
    checks['stage'] = 'stage IS NULL OR stage IN (' + ', '.join(f"'{stage}'" for stage in stages) + ')'
    with op.batch_alter_table('mentions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('story_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('story_reason', sa.String(), nullable=True))
        batch_op.create_index('ix_mentions_story', ['story_id', 'id'], unique=False)
        batch_op.create_foreign_key(
            batch_op.f('fk_mentions_story_id_mentions'), 'mentions', ['story_id'], ['id'], ondelete='SET NULL'
        )
        for name, check in checks.items():
            batch_op.drop_constraint(op.f(f'ck_mentions_{name}'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_mentions_{name}'), check)
