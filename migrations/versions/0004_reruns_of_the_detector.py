"""reruns of the detector"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

KNOWN = "state IN ('pending', 'confirmed', 'dismissed', 'merged')"
WIDER = "state IN ('pending', 'confirmed', 'dismissed', 'merged', 'withdrawn')"


def upgrade() -> None:
    op.create_table('item_texts',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_item_texts_item_id_items'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_item_texts'))
    )
    op.create_table('detector_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('feed_id', sa.Integer(), nullable=True),
    sa.Column('cursor', sa.Integer(), nullable=False),
    sa.Column('last_item_id', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('previewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_running', sa.Boolean(), nullable=False),
    sa.Column('lease_owner', sa.String(), nullable=True),
    sa.Column('lease_token', sa.String(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('previewing', 'previewed', 'applying', 'applied')", name=op.f('ck_detector_runs_state')),
    sa.ForeignKeyConstraint(['feed_id'], ['feeds.id'], name=op.f('fk_detector_runs_feed_id_feeds'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_detector_runs'))
    )
    op.create_index(
        'uq_detector_runs_running', 'detector_runs', ['is_running'], unique=True,
        sqlite_where=sa.text('is_running'), postgresql_where=sa.text('is_running'),
    )
    op.create_table('detector_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('mention_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('differs', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('new', 'lost', 'changed', 'disagreement', 'agreement')", name=op.f('ck_detector_changes_kind')),
    sa.CheckConstraint("state IN ('found', 'applied', 'overtaken')", name=op.f('ck_detector_changes_state')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_detector_changes_item_id_items'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mention_id'], ['mentions.id'], name=op.f('fk_detector_changes_mention_id_mentions'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['run_id'], ['detector_runs.id'], name=op.f('fk_detector_changes_run_id_detector_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_detector_changes')),
    sa.UniqueConstraint('run_id', 'item_id', name=op.f('uq_detector_changes_run_id_item_id'))
    )
    op.create_index(op.f('ix_detector_changes_item_id'), 'detector_changes', ['item_id'], unique=False)
    op.create_index(op.f('ix_detector_changes_mention_id'), 'detector_changes', ['mention_id'], unique=False)
    op.create_index('ix_detector_changes_waiting', 'detector_changes', ['run_id', 'state', 'id'], unique=False)
    op.add_column('mentions', sa.Column('opinion', sa.JSON(), nullable=True))
    allow_withdrawal()


def allow_withdrawal() -> None:
    """A mention may now be `withdrawn`.

    A wider check changes nothing that is stored, so SQLite need not rebuild the table a second time: its own way for
    that is to write the new words of the table into its schema. Nothing that hangs on mentions is touched.
    """
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_mentions_state'), 'mentions', type_='check')
        op.create_check_constraint(op.f('ck_mentions_state'), 'mentions', WIDER)
        return
    version = connection.exec_driver_sql('PRAGMA schema_version').scalar_one()
    words = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'mentions'").scalar_one()
    if KNOWN not in words:
        raise RuntimeError(f'the table mentions is not as the migration before left it: {words}')
    connection.exec_driver_sql('PRAGMA writable_schema = ON')
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'mentions'", (words.replace(KNOWN, WIDER),)
    )
    connection.exec_driver_sql(f'PRAGMA schema_version = {version + 1}')
    connection.exec_driver_sql('PRAGMA writable_schema = RESET')
