"""journal of the history"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

REFUSALS = {
    'revisions': ('UPDATE', 'DELETE'),
    'revision_journal': ('UPDATE', 'DELETE'),
    'revision_journal_head': ('DELETE',),
}
AT_A_TIME = 1000


def upgrade() -> None:
    op.create_table('revision_journal',
    sa.Column('sequence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entity', sa.String(), nullable=False),
    sa.Column('entity_key', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('revision_hash', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_revision_journal')),
    sa.UniqueConstraint('entity', 'entity_key', 'version', name=op.f('uq_revision_journal_entity_entity_key_version'))
    )
    op.create_table('revision_journal_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_revision_journal_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision_journal_head'))
    )
    journal_what_is_there()
    if op.get_bind().dialect.name == 'sqlite':
        guard_sqlite()
    else:
        guard_postgresql()


def journal_what_is_there() -> None:
    """The revisions that were written before there was a journal, in the order in which they were written."""
    connection = op.get_bind()
    journal = sa.table('revision_journal', *map(sa.column, ('sequence', 'entity', 'entity_key', 'version', 'revision_hash', 'hash')))
    sequence, last, seen = 0, '', 0
    while True:
        rows = connection.execute(
            sa.text('SELECT id, entity, entity_key, version, hash FROM revisions WHERE id > :seen ORDER BY id LIMIT :most'),
            {'seen': seen, 'most': AT_A_TIME},
        ).all()
        if not rows:
            break
        entries = []
        for seen, entity, key, version, revision_hash in rows:
            sequence += 1
            line = json.dumps([last, sequence, entity, key, version, revision_hash], ensure_ascii=False)
            last = hashlib.sha256(line.encode('utf-8', 'surrogatepass')).hexdigest()
            entries.append({
                'sequence': sequence, 'entity': entity, 'entity_key': key, 'version': version,
                'revision_hash': revision_hash, 'hash': last,
            })
        connection.execute(journal.insert(), entries)
    connection.execute(
        sa.text('INSERT INTO revision_journal_head (id, sequence, hash) VALUES (1, :sequence, :hash)'),
        {'sequence': sequence, 'hash': last},
    )


def guard_sqlite() -> None:
    for table, verbs in REFUSALS.items():
        for verb in verbs:
            op.execute(
                f'CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} BEGIN '
                f"SELECT RAISE(ABORT, 'the history is append-only: {table} allows no {verb}'); END"
            )
    # INSERT OR REPLACE removes the old row without asking the trigger above.
    for table, same in {
        'revisions': 'id = NEW.id OR (entity, entity_key, version) = (NEW.entity, NEW.entity_key, NEW.version)',
        'revision_journal': 'sequence = NEW.sequence',
    }.items():
        op.execute(
            f'CREATE TRIGGER {table}_refuse_replacing BEFORE INSERT ON {table} '
            f'WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN '
            f"SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table} allows each entry once'); END"
        )
    op.execute(
        'CREATE TRIGGER revision_journal_head_goes_on BEFORE UPDATE ON revision_journal_head '
        'WHEN NEW.sequence <= OLD.sequence BEGIN '
        "SELECT RAISE(ABORT, 'the history is append-only: the journal does not go back'); END"
    )


def guard_postgresql() -> None:
    op.execute(
        'CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        "RAISE EXCEPTION 'the history is append-only: % allows no %', TG_TABLE_NAME, TG_OP; END $$"
    )
    for table, verbs in REFUSALS.items():
        for verb in (*verbs, 'TRUNCATE'):
            each = 'STATEMENT' if verb == 'TRUNCATE' else 'ROW'
            op.execute(
                f'CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} '
                f'FOR EACH {each} EXECUTE FUNCTION refuse_to_rewrite_history()'
            )
    op.execute(
        'CREATE TRIGGER revision_journal_head_goes_on BEFORE UPDATE ON revision_journal_head '
        'FOR EACH ROW WHEN (NEW.sequence <= OLD.sequence) EXECUTE FUNCTION refuse_to_rewrite_history()'
    )
