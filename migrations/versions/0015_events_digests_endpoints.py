"""events of every kind, digests, endpoints, suppressed addresses"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KINDS = (
    'mention', 'on_agenda', 'agenda_revised', 'meeting_moved', 'meeting_cancelled', 'stage_changed',
    'outcome_recorded', 'policy_introduced', 'policy_passed', 'policy_loosened', 'policy_expired',
    'deployment_changed', 'duty_due', 'duty_late', 'duty_filed', 'contradiction', 'feed_silent',
)  # fmt: skip
STATES = ('pending', 'sending', 'gathered', 'covered', 'sent', 'uncertain', 'failed', 'cancelled')
OLD_KIND, NEW_KIND = 'kind:mention_confirmed', 'kind:mention'


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    change_events()
    change_queries()
    change_subscriptions()
    add_digests()
    add_endpoints()
    add_suppressions()


def change_events() -> None:
    """A mention is one kind of event, whether an editor has read it or not."""
    with op.batch_alter_table('events') as batch_op:
        batch_op.drop_constraint(op.f('ck_events_kind'), type_='check')
        batch_op.drop_constraint(op.f('uq_events_kind_mention_id'), type_='unique')
        batch_op.add_column(sa.Column('subject', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('occurrence', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('about', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('told', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', TIME, nullable=True))
        batch_op.alter_column('mention_id', existing_type=sa.Integer(), nullable=True)
    op.execute("UPDATE events SET kind = 'mention', subject = 'mention:' || mention_id")
    with op.batch_alter_table('events') as batch_op:
        batch_op.alter_column('subject', existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(op.f('uq_events_kind_subject_occurrence'), ['kind', 'subject', 'occurrence'])
        batch_op.create_check_constraint(op.f('ck_events_kind'), one_of('kind', KINDS))
        batch_op.create_index(op.f('ix_events_mention_id'), ['mention_id'])
        batch_op.create_index('ix_events_at', ['at'])


def change_queries() -> None:
    """What is followed keeps its meaning under the kind's new name; where both names are followed, the old one stays
    and finds nothing more, as nothing is ever of its kind."""
    connection = op.get_bind()
    topics = sa.text("UPDATE query_topics SET key = 'mention' WHERE name = 'kind' AND key = 'mention_confirmed'")
    connection.execute(topics)
    asked = sa.text('SELECT id, text FROM queries WHERE text LIKE :some')
    for query_id, text in connection.execute(asked, {'some': f'%{OLD_KIND}%'}).all():
        renamed = {'id': query_id, 'text': text.replace(OLD_KIND, NEW_KIND)}
        connection.execute(sa.text('UPDATE queries SET text = :text WHERE id = :id'), renamed)


def change_subscriptions() -> None:
    """Pauses, reminders, private feeds and heartbeats; links that manage; subscribers without an address."""
    with op.batch_alter_table('subscribers') as batch_op:
        batch_op.alter_column('email', existing_type=sa.String(), nullable=True)
    with op.batch_alter_table('subscriptions') as batch_op:
        batch_op.drop_constraint(op.f('ck_subscriptions_state'), type_='check')
        batch_op.add_column(sa.Column('paused_until', TIME, nullable=True))
        batch_op.add_column(sa.Column('feed_token', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('heartbeat_at', TIME, nullable=True))
        batch_op.create_unique_constraint(op.f('uq_subscriptions_feed_token'), ['feed_token'])
        states = ('pending', 'active', 'paused', 'ended')
        batch_op.create_check_constraint(op.f('ck_subscriptions_state'), one_of('state', states))
    with op.batch_alter_table('confirmations') as batch_op:
        batch_op.add_column(sa.Column('purpose', sa.String(), server_default='confirm', nullable=False))
        batch_op.add_column(sa.Column('key', sa.String(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_confirmations_purpose'), one_of('purpose', ('confirm', 'manage')))
        batch_op.create_index(op.f('ix_confirmations_key'), ['key'])


def add_digests() -> None:
    """A digest is sent like an alert, and owns those that it gathers."""
    op.create_table('digests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', TIME, nullable=False),
    sa.Column('lease_until', TIME, nullable=True),
    sa.Column('created_at', TIME, nullable=False),
    sa.Column('ended_at', TIME, nullable=True),
    sa.CheckConstraint(one_of('state', STATES), name=op.f('ck_digests_state')),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_digests_subscriber_id_subscribers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digests')),
    sa.UniqueConstraint('subscriber_id', 'period', name=op.f('uq_digests_subscriber_id_period'))
    )
    op.create_index('ix_digests_due', 'digests', ['state', 'due_at'])
    with op.batch_alter_table('alerts') as batch_op:
        batch_op.drop_constraint(op.f('ck_alerts_state'), type_='check')
        batch_op.add_column(sa.Column('in_digest', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('digest_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_alerts_digest_id_digests'), 'digests', ['digest_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(op.f('ck_alerts_state'), one_of('state', STATES))
        batch_op.create_index(op.f('ix_alerts_event_id'), ['event_id'])
        batch_op.create_index(op.f('ix_alerts_digest_id'), ['digest_id'])
    rhythmic = "(SELECT id FROM subscriptions WHERE cadence <> 'immediate')"
    op.execute(f"UPDATE alerts SET in_digest = true WHERE state = 'pending' AND subscription_id IN {rhythmic}")
    with op.batch_alter_table('deliveries') as batch_op:
        batch_op.alter_column('alert_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('digest_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('key', sa.String(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_deliveries_digest_id_digests'), 'digests', ['digest_id'], ['id'], ondelete='CASCADE')
        batch_op.create_unique_constraint(op.f('uq_deliveries_digest_id_attempt'), ['digest_id', 'attempt'])
        batch_op.create_check_constraint(op.f('ck_deliveries_one'), '(alert_id IS NULL) <> (digest_id IS NULL)')
        batch_op.create_index(op.f('ix_deliveries_key'), ['key'])


def add_endpoints() -> None:
    """Machines that are told."""
    op.create_table('endpoints',
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('old_secret', sa.String(), nullable=True),
    sa.Column('old_secret_until', TIME, nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('challenge', sa.String(), nullable=True),
    sa.Column('failing_since', TIME, nullable=True),
    sa.Column('disabled_reason', sa.String(), nullable=True),
    sa.Column('created_at', TIME, nullable=False),
    sa.CheckConstraint(one_of('kind', ('webhook', 'slack', 'discord', 'matrix')), name=op.f('ck_endpoints_kind')),
    sa.CheckConstraint(one_of('state', ('pending', 'active', 'disabled')), name=op.f('ck_endpoints_state')),
    sa.ForeignKeyConstraint(['owner_id'], ['subscribers.id'], name=op.f('fk_endpoints_owner_id_subscribers'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_endpoints_subscriber_id_subscribers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscriber_id', name=op.f('pk_endpoints')),
    sa.UniqueConstraint('owner_id', 'url', name=op.f('uq_endpoints_owner_id_url'))
    )


def add_suppressions() -> None:
    """Addresses that are not written to, by their hash."""
    op.create_table('suppressions',
    sa.Column('address_hash', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', TIME, nullable=False),
    sa.CheckConstraint(one_of('reason', ('bounced', 'soft', 'complaint', 'erased')), name=op.f('ck_suppressions_reason')),
    sa.PrimaryKeyConstraint('address_hash', name=op.f('pk_suppressions'))
    )
    op.create_table('soft_bounces',
    sa.Column('address_hash', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('address_hash', 'day', name=op.f('pk_soft_bounces'))
    )
