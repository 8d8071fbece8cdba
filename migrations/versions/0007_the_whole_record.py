"""the whole record: provisions, duties, names of vendors, claims on policies"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KNOWN_KINDS = "kind IN ('letter', 'petition', 'lawsuit', 'audit', 'hearing', 'report', 'statement', 'vendor_policy', 'public_records_release')"
WIDER_KINDS = "kind IN ('letter', 'petition', 'lawsuit', 'audit', 'hearing', 'report', 'statement', 'vendor_policy', 'records_request', 'public_records_release')"
CLAIM_TYPES = "claim_type IN ('allegation', 'finding', 'court_action', 'policy_decision', 'company_statement', 'agency_statement')"
STATES = "('not_researched', 'absent', 'present_but_empty', 'answered', 'redacted')"
CODES = (
    'approval_to_seek_funds', 'approval_to_acquire', 'approval_for_new_use', 'approval_to_share', 'impact_report',
    'use_policy', 'public_hearing', 'comment_period', 'oversight_body', 'annual_report', 'inventory',
    'independent_audit', 'retention_limit', 'sharing_limit', 'access_limit', 'nda_ban',
    'existing_technology_deadline', 'exigent_use', 'pilot_carveout', 'private_right_of_action', 'attorney_fees',
    'evidence_suppression', 'discipline_or_criminal_penalty', 'whistleblower_protection', 'immigration_bar',
    'protest_bar', 'excluded_technology', 'fr_warrant', 'fr_crime_severity', 'fr_lead_only', 'fr_human_review',
    'fr_no_live', 'fr_no_mobile', 'fr_accuracy_threshold', 'fr_disclosure_to_defence', 'fr_private_use',
)
DUTIES = (
    'annual_report', 'periodic_report', 'inventory', 'audit', 'notice', 'policy_posting', 'approval',
    'existing_technology_review', 'review', 'training', 'sunset',
)


def upgrade() -> None:
    add_clauses()
    add_names()
    op.add_column('actions', sa.Column('due', sa.String(), nullable=True))
    op.add_column('actions', sa.Column('answered', sa.String(), nullable=True))
    for name in ('seller', 'access_through', 'database_searched', 'cost_terms', 'retention_terms'):
        op.add_column('deployments', sa.Column(name, sa.String(), nullable=True))
    for name in ('cost_usd', 'retention_days'):
        op.add_column('deployments', sa.Column(name, sa.Integer(), nullable=True))
    op.add_column('deployments', sa.Column('shared_with', sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column('deployments', sa.Column('required_policy', sa.String(), server_default='not_researched', nullable=False))
    op.add_column('jurisdictions', sa.Column('geoid', sa.String(), nullable=True))
    op.add_column('jurisdictions', sa.Column('timezone', sa.String(), nullable=True))
    op.add_column('jurisdictions', sa.Column('latitude', sa.Double(), nullable=True))
    op.add_column('jurisdictions', sa.Column('longitude', sa.Double(), nullable=True))
    op.create_index(op.f('ix_jurisdictions_geoid'), 'jurisdictions', ['geoid'], unique=False)
    op.add_column('policies', sa.Column('repeals', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('policies', sa.Column('exempts', sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    for name in ('archived_url', 'content_hash', 'link_state'):
        op.add_column('sources', sa.Column(name, sa.String(), nullable=True))
    op.add_column('sources', sa.Column('link_checked_at', sa.DateTime(timezone=True), nullable=True))
    widen_claims()
    allow_records_requests()


def add_clauses() -> None:
    """Provisions and duties of policies."""
    op.create_table('provisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('amount', sa.Double(), nullable=True),
    sa.Column('unit', sa.String(), nullable=True),
    sa.Column('reference', sa.String(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.CheckConstraint(f'code IN {CODES}', name=op.f('ck_provisions_code')),
    sa.CheckConstraint(f'state IN {STATES}', name=op.f('ck_provisions_state')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_provisions_policy_id_policies'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_provisions_source_id_sources'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provisions')),
    sa.UniqueConstraint('policy_id', 'code', name=op.f('uq_provisions_policy_id_code'))
    )
    op.create_index(op.f('ix_provisions_code'), 'provisions', ['code'], unique=False)
    op.create_table('duties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('due', sa.String(), nullable=True),
    sa.Column('due_certainty', sa.String(), nullable=True),
    sa.Column('filed', sa.String(), nullable=True),
    sa.Column('filing', sa.String(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.CheckConstraint(f'filing IN {STATES}', name=op.f('ck_duties_filing')),
    sa.CheckConstraint(f'kind IN {DUTIES}', name=op.f('ck_duties_kind')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_duties_policy_id_policies'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_duties_source_id_sources'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duties')),
    sa.UniqueConstraint('policy_id', 'position', name=op.f('uq_duties_policy_id_position'))
    )
    op.create_index(op.f('ix_duties_due'), 'duties', ['due'], unique=False)


def add_names() -> None:
    """The names a vendor went by."""
    op.create_table('vendor_names',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vendor_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('since', sa.String(), nullable=True),
    sa.Column('until', sa.String(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_vendor_names_source_id_sources'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['vendor_id'], ['vendors.id'], name=op.f('fk_vendor_names_vendor_id_vendors'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vendor_names')),
    sa.UniqueConstraint('vendor_id', 'position', name=op.f('uq_vendor_names_vendor_id_position'))
    )


def widen_claims() -> None:
    """A claim is about a deployment or about a policy. Nothing hangs on claims: SQLite may rebuild the table."""
    known = sa.CheckConstraint(CLAIM_TYPES, name=op.f('ck_claims_claim_type'))
    with op.batch_alter_table('claims', table_args=(known,)) as batch_op:
        batch_op.add_column(sa.Column('policy_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('followed_because', sa.String(), nullable=True))
        batch_op.alter_column('deployment_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(
            op.f('fk_claims_policy_id_policies'), 'policies', ['policy_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_check_constraint(op.f('ck_claims_about'), '(deployment_id IS NULL) <> (policy_id IS NULL)')
    op.create_index(op.f('ix_claims_policy_id'), 'claims', ['policy_id'], unique=False)


def allow_records_requests() -> None:
    """An action may now be a request for records; citations hang on actions, so SQLite must not rebuild the table."""
    connection = op.get_bind()
    if connection.dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_actions_kind'), 'actions', type_='check')
        op.create_check_constraint(op.f('ck_actions_kind'), 'actions', WIDER_KINDS)
        return
    version = connection.exec_driver_sql('PRAGMA schema_version').scalar_one()
    words = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'actions'").scalar_one()
    if KNOWN_KINDS not in words:
        raise RuntimeError(f'the table actions is not as the migration before left it: {words}')
    connection.exec_driver_sql('PRAGMA writable_schema = ON')
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'actions'",
        (words.replace(KNOWN_KINDS, WIDER_KINDS),),
    )
    connection.exec_driver_sql(f'PRAGMA schema_version = {version + 1}')
    connection.exec_driver_sql('PRAGMA writable_schema = RESET')
