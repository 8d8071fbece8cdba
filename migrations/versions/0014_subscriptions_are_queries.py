"""what is followed is a query, found by topic, with a rhythm"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0009'
branch_labels = None
depends_on = None

FILTERS = {'jurisdiction': 'place', 'technology': 'tech'}
CADENCE = "cadence IN ('immediate', 'daily', 'weekly')"
HOUR = 'hour BETWEEN 0 AND 23 AND weekday BETWEEN 0 AND 6'


def upgrade() -> None:
    op.create_table('queries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('is_settled_by_topic', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queries')),
    sa.UniqueConstraint('text', name=op.f('uq_queries_text'))
    )
    op.create_table('query_topics',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('query_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['query_id'], ['queries.id'], name=op.f('fk_query_topics_query_id_queries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('name', 'key', 'query_id', name=op.f('pk_query_topics'))
    )
    op.create_index(op.f('ix_query_topics_query_id'), 'query_topics', ['query_id'])
    for column in (
        sa.Column('query_id', sa.Integer(), nullable=True),
        sa.Column('reviewed_only', sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column('cadence', sa.String(), server_default='immediate', nullable=False),
        sa.Column('hour', sa.Integer(), server_default='7', nullable=False),
        sa.Column('weekday', sa.Integer(), server_default='0', nullable=False),
        sa.Column('timezone', sa.String(), server_default='UTC', nullable=False),
    ):
        op.add_column('subscriptions', column)
    write_as_queries()
    change_constraints()


def write_as_queries() -> None:
    """What each subscription follows, as the query that finds the same."""
    connection = op.get_bind()
    followed = connection.execute(sa.text('SELECT DISTINCT topic, topic_key FROM subscriptions ORDER BY 1, 2')).all()
    for topic, key in followed:
        name = FILTERS[topic]
        words = {'text': f'{name}:{key}' if re.fullmatch(r'[^\s"()]+', key) else f'{name}:"{key}"', 'yes': True}
        connection.execute(sa.text('INSERT INTO queries (text, is_settled_by_topic) VALUES (:text, :yes)'), words)
        found = {'id': connection.execute(sa.text('SELECT id FROM queries WHERE text = :text'), words).scalar_one()}
        found |= {'name': name, 'key': key, 'topic': topic}
        connection.execute(
            sa.text('INSERT INTO query_topics (name, key, query_id) VALUES (:name, :key, :id)'), found
        )
        connection.execute(
            sa.text('UPDATE subscriptions SET query_id = :id WHERE topic = :topic AND topic_key = :key'), found
        )


def change_constraints() -> None:
    """One subscription for each query; SQLite rebuilds the table, while foreign keys sleep."""
    op.drop_index('ix_subscriptions_topic', 'subscriptions')
    with op.batch_alter_table('subscriptions') as batch_op:
        batch_op.drop_constraint(op.f('ck_subscriptions_topic'), type_='check')
        batch_op.drop_constraint(op.f('uq_subscriptions_subscriber_id_topic_topic_key'), type_='unique')
        batch_op.drop_column('topic')
        batch_op.drop_column('topic_key')
        batch_op.alter_column('query_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(op.f('fk_subscriptions_query_id_queries'), 'queries', ['query_id'], ['id'])
        batch_op.create_unique_constraint(op.f('uq_subscriptions_subscriber_id_query_id'), ['subscriber_id', 'query_id'])
        batch_op.create_check_constraint(op.f('ck_subscriptions_cadence'), CADENCE)
        batch_op.create_check_constraint(op.f('ck_subscriptions_hour'), HOUR)
    op.create_index('ix_subscriptions_query', 'subscriptions', ['query_id', 'state'])
