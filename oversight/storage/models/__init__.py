"""Every table, one noun a file; importing this package is what makes the metadata whole."""

from oversight.storage.models.action import ActionRow
from oversight.storage.models.alert import AlertRow, DeliveryRow, DigestRow
from oversight.storage.models.base import Base
from oversight.storage.models.claim import ClaimRow
from oversight.storage.models.correction import CorrectionRow
from oversight.storage.models.decision import DecisionRow, DecisionStepRow, MentionLinkRow
from oversight.storage.models.deployment import DeploymentFactRow, DeploymentRow, DeploymentStatusRow
from oversight.storage.models.detector_run import DetectorChangeRow, DetectorRunRow
from oversight.storage.models.document import DocumentRow
from oversight.storage.models.endpoint import EndpointRow
from oversight.storage.models.event import EventRow
from oversight.storage.models.feed import AnswerRow, FeedRow, HostPauseRow, PollRow
from oversight.storage.models.item import ItemRow, ItemTextRow
from oversight.storage.models.job import JobRow
from oversight.storage.models.jurisdiction import AgencyRow, JurisdictionRow
from oversight.storage.models.matter import MatterAliasRow, MatterLinkRow, MatterRow, MatterStepRow
from oversight.storage.models.meeting import AgendaVersionRow, MeetingChangeRow, MeetingMoveRow, MeetingRow
from oversight.storage.models.mention import MentionRow, MentionTechnologyRow
from oversight.storage.models.operator_event import OperatorEventRow
from oversight.storage.models.policy import DutyRow, PolicyRow, PolicyStatusRow, PolicyTechnologyRow, ProvisionRow
from oversight.storage.models.proposal import ProposalRow
from oversight.storage.models.query import QueryRow, QueryTopicRow
from oversight.storage.models.revision import JournalHeadRow, JournalRow, RevisionRow
from oversight.storage.models.sign_up import MailedPersonRow, SignUpRow
from oversight.storage.models.snooze import SnoozeRow
from oversight.storage.models.source import CitationRow, SourceRow
from oversight.storage.models.story import BandRow, SignatureRow
from oversight.storage.models.subscription import ConfirmationRow, SubscriberRow, SubscriptionRow
from oversight.storage.models.suppression import SoftBounceRow, SuppressionRow
from oversight.storage.models.user import FailedLoginRow, LoginRow, RoleRow, UserRow
from oversight.storage.models.vendor import ProductRow, VendorNameRow, VendorRow

__all__ = [
    "ActionRow",
    "AgencyRow",
    "AgendaVersionRow",
    "AlertRow",
    "AnswerRow",
    "BandRow",
    "Base",
    "CitationRow",
    "ClaimRow",
    "ConfirmationRow",
    "CorrectionRow",
    "DecisionRow",
    "DecisionStepRow",
    "DeliveryRow",
    "DeploymentFactRow",
    "DeploymentRow",
    "DeploymentStatusRow",
    "DetectorChangeRow",
    "DetectorRunRow",
    "DigestRow",
    "DocumentRow",
    "DutyRow",
    "EndpointRow",
    "EventRow",
    "FailedLoginRow",
    "FeedRow",
    "HostPauseRow",
    "ItemRow",
    "ItemTextRow",
    "JobRow",
    "JournalHeadRow",
    "JournalRow",
    "JurisdictionRow",
    "LoginRow",
    "MailedPersonRow",
    "MatterAliasRow",
    "MatterLinkRow",
    "MatterRow",
    "MatterStepRow",
    "MeetingChangeRow",
    "MeetingMoveRow",
    "MeetingRow",
    "MentionLinkRow",
    "MentionRow",
    "MentionTechnologyRow",
    "OperatorEventRow",
    "PolicyRow",
    "PolicyStatusRow",
    "PolicyTechnologyRow",
    "PollRow",
    "ProductRow",
    "ProposalRow",
    "ProvisionRow",
    "QueryRow",
    "QueryTopicRow",
    "RevisionRow",
    "RoleRow",
    "SignUpRow",
    "SignatureRow",
    "SnoozeRow",
    "SoftBounceRow",
    "SourceRow",
    "SubscriberRow",
    "SubscriptionRow",
    "SuppressionRow",
    "UserRow",
    "VendorNameRow",
    "VendorRow",
]
