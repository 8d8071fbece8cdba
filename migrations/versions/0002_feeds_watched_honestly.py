"""feeds watched honestly"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('host_pauses',
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('host', name=op.f('pk_host_pauses'))
    )
    op.create_table('matter_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('date', sa.Date(), nullable=True),
    sa.Column('body', sa.String(), nullable=True),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('votes', sa.String(), nullable=True),
    sa.Column('stage', sa.String(), nullable=False),
    sa.CheckConstraint("stage IN ('introduced', 'referred', 'first_reading', 'hearing', 'committee', 'second_reading', 'amended', 'continued', 'approved', 'denied', 'withdrawn', 'signed', 'vetoed', 'executed', 'renewed', 'ended', 'other')", name=op.f('ck_matter_steps_stage')),
    sa.ForeignKeyConstraint(['feed_id'], ['feeds.id'], name=op.f('fk_matter_steps_feed_id_feeds'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_matter_steps_matter_id_matters'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matter_steps')),
    sa.UniqueConstraint('matter_id', 'uid', name=op.f('uq_matter_steps_matter_id_uid'))
    )
    op.create_table('operator_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('silent', 'emptied', 'blocked', 'failing', 'missing', 'gone', 'moved', 'flood')", name=op.f('ck_operator_events_kind')),
    sa.ForeignKeyConstraint(['feed_id'], ['feeds.id'], name=op.f('fk_operator_events_feed_id_feeds'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operator_events'))
    )
    with op.batch_alter_table('operator_events', schema=None) as batch_op:
        batch_op.create_index(
            'uq_operator_events_open', ['feed_id', 'kind'], unique=True,
            sqlite_where=sa.text('settled_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL'),
        )

    op.create_table('agenda_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_hash', sa.String(), nullable=False),
    sa.Column('entries', sa.JSON(), nullable=False),
    sa.Column('added', sa.JSON(), nullable=False),
    sa.Column('removed', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_agenda_versions_meeting_id_meetings'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_versions')),
    sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_agenda_versions_meeting_id_number'))
    )
    op.create_table('meeting_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('after', sa.String(), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('moved', 'place', 'cancelled', 'rescheduled', 'reinstated', 'vanished', 'returned', 'agenda', 'minutes')", name=op.f('ck_meeting_changes_kind')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_meeting_changes_meeting_id_meetings'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_changes'))
    )
    with op.batch_alter_table('meeting_changes', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_changes_meeting', ['meeting_id', 'seen_at'], unique=False)

    op.create_table('matter_aliases',
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['matters.id'], name=op.f('fk_matter_aliases_lead_id_matters'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_matter_aliases_matter_id_matters'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('matter_id', name=op.f('pk_matter_aliases'))
    )
    op.create_index(op.f('ix_matter_aliases_lead_id'), 'matter_aliases', ['lead_id'], unique=False)
    op.create_table('meeting_moves',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('moved_to_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_meeting_moves_meeting_id_meetings'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['moved_to_id'], ['meetings.id'], name=op.f('fk_meeting_moves_moved_to_id_meetings'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('meeting_id', name=op.f('pk_meeting_moves'))
    )
    op.create_index(op.f('ix_meeting_moves_moved_to_id'), 'meeting_moves', ['moved_to_id'], unique=False)
    op.create_table('documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('mention_id', sa.Integer(), nullable=True),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('media_type', sa.String(), nullable=True),
    sa.Column('wanted', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('content_hash', sa.String(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('page_count', sa.Integer(), nullable=True),
    sa.Column('pages', sa.JSON(), nullable=False),
    sa.Column('is_ocr', sa.Boolean(), nullable=False),
    sa.Column('stored_as', sa.String(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'read', 'unreadable', 'refused')", name=op.f('ck_documents_state')),
    sa.ForeignKeyConstraint(['feed_id'], ['feeds.id'], name=op.f('fk_documents_feed_id_feeds'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_documents_item_id_items'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_documents_meeting_id_meetings'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mention_id'], ['mentions.id'], name=op.f('fk_documents_mention_id_mentions'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('feed_id', 'url', name=op.f('uq_documents_feed_id_url'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index('ix_documents_due', ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_mention_id'), ['mention_id'], unique=False)

    with op.batch_alter_table('feeds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('note', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('evidence', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('last_status', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('first_ok_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('usual_gap_hours', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('empty_polls', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('wished_minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('next_meeting_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reread_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lease_owner', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('lease_token', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('moved_to', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('moved_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('moved_polls', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('moved_url', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('refused_url', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('gone_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('gone_polls', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('items', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outcome_looked_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('matters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('url', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('is_watched', sa.Boolean(), server_default='0', nullable=False))

    op.add_column('meetings', sa.Column('how_to_comment', sa.String(), nullable=True))
    op.add_column('meetings', sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('meetings', sa.Column('vanished_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('meetings', sa.Column('asked', sa.JSON(), nullable=True))
    op.add_column('meetings', sa.Column('outcome_looks', sa.Integer(), server_default='0', nullable=False))
    op.add_column('meetings', sa.Column('outcome_due_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_meetings_feed_date', 'meetings', ['feed_id', 'date'], unique=False)
    op.create_index('ix_meetings_outcome_due', 'meetings', ['outcome_due_at'], unique=False)
    allow_outcomes()


def allow_outcomes() -> None:
    """A poll may now end with `robots_disallowed`. Nothing hangs on polls, so that SQLite may rebuild the table."""
    outcomes = (
        'ok', 'not_modified', 'timeout', 'too_large', 'blocked_address', 'bad_redirect', 'redirect_loop', 'http_error',
        'rate_limited', 'connection_error', 'tls_error', 'protocol_error', 'truncated', 'decode_error', 'not_a_feed',
        'empty_body', 'parse_error', 'parse_timeout', 'parse_oom', 'robots_disallowed',
    )
    listed = ', '.join(f"'{outcome}'" for outcome in outcomes)
    with op.batch_alter_table('polls', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_polls_outcome'), type_='check')
        batch_op.create_check_constraint(op.f('ck_polls_outcome'), f'outcome IN ({listed})')
