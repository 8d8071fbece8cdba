"""The closed lists of the record: what is stored, and the words for it that people see."""

from oversight.domain.word import Word


class JurisdictionKind(Word):
    """What sort of government it is."""

    FEDERAL = "federal", "Federal government"
    STATE = "state", "State"
    COUNTY = "county", "County"
    CITY = "city", "City or town"
    TRIBAL = "tribal", "Tribal government"
    TRANSIT_DISTRICT = "transit_district", "Transit district"
    SCHOOL_DISTRICT = "school_district", "School district"
    SPECIAL_DISTRICT = "special_district", "Regional or special body"
    FOREIGN_SUBNATIONAL = "foreign_subnational", "Place outside the United States"


class OperatorKind(Word):
    """Who operates a technology."""

    POLICE = "police", "Police"
    SHERIFF = "sheriff", "Sheriff"
    STATE_POLICE = "state_police", "State police"
    DISTRICT_ATTORNEY = "district_attorney", "Prosecutor"
    CORRECTIONS = "corrections", "Prisons and corrections"
    MOTOR_VEHICLES = "motor_vehicles", "Motor vehicle department"
    FUSION_CENTER = "fusion_center", "Fusion centre or shared justice network"
    FEDERAL = "federal", "Federal agency"
    TRANSIT = "transit", "Transit"
    TRANSIT_POLICE = "transit_police", "Transit police"
    SCHOOL = "school", "School"
    PARKING = "parking", "Parking"
    HOUSING_AUTHORITY = "housing_authority", "Housing authority"
    AIRPORT = "airport", "Airport"
    LIBRARY = "library", "Library"
    CITY_DEPARTMENT = "city_department", "Other department of a city or county"
    REGIONAL_BODY = "regional_body", "Several agencies together"
    PRIVATE_NETWORK = "private_network", "Private network"
    UNKNOWN = "unknown", "Not known"


class Instrument(Word):
    """The form a policy has in law."""

    BAN = "ban", "Ban"
    MORATORIUM = "moratorium", "Moratorium"
    OVERSIGHT_ORDINANCE = "oversight_ordinance", "Surveillance oversight ordinance"
    REPORTING_LAW = "reporting_law", "Reporting law"
    RESTRICTION = "restriction", "Use restriction"
    USE_POLICY = "use_policy", "Use policy"
    WARRANT_REQUIREMENT = "warrant_requirement", "Warrant requirement"
    STATUTE = "statute", "Statute"
    LOCAL_LAW = "local_law", "Local law"
    EXECUTIVE_ORDER = "executive_order", "Executive order"
    RESOLUTION = "resolution", "Resolution"
    BALLOT_MEASURE = "ballot_measure", "Ballot measure"
    COURT_ORDER = "court_order", "Court order or settlement"
    PROCUREMENT_CONDITION = "procurement_condition", "Procurement condition"
    PREEMPTION = "preemption", "Pre-emption of local rules"


class LegalStatus(Word):
    """One step in the life of a policy."""

    PROPOSED = "proposed", "Proposed"
    INTRODUCED = "introduced", "Introduced"
    IN_COMMITTEE = "in_committee", "In committee"
    FIRST_READING = "first_reading", "First reading passed"
    ADOPTED = "adopted", "Adopted"
    VETOED = "vetoed", "Vetoed"
    FAILED = "failed", "Failed or withdrawn"
    EFFECTIVE = "effective", "In force"
    AMENDED = "amended", "Amended"
    SUSPENDED = "suspended", "Suspended"
    ENJOINED = "enjoined", "Stopped by a court"
    PREEMPTED = "preempted", "Displaced by higher law"
    EXPIRED = "expired", "Expired"
    REPEALED = "repealed", "Repealed"


class Direction(Word):
    """Whether a policy tightens or loosens what went before."""

    TIGHTENS = "tightens", "Tightens"
    LOOSENS = "loosens", "Loosens"


class Effect(Word):
    """What a policy does to the use of a technology.

    A loosening policy that `authorises` sets aside what it amends, for the technologies it names; with any other effect
    it does so only where the record says that it repeals, and else is an exception: what it amends still stands.
    """

    PROHIBITS = "prohibits", "Prohibits use"
    REQUIRES_PROCESS = "requires_process", "Requires approval first"
    CONDITIONALLY_PERMITS = "conditionally_permits", "Permits use under conditions"
    REQUIRES_DISCLOSURE = "requires_disclosure", "Requires disclosure"
    AUTHORISES = "authorises", "Authorises use"


class Binds(Word):
    """Who is bound by a policy; none recorded means the government that made it."""

    GOVERNMENT = "government", "The whole government"
    POLICE = "police", "Police"
    SCHOOLS = "schools", "Schools"
    PRIVATE_SECTOR = "private_sector", "Private parties only"
    PUBLIC_AND_PRIVATE = "public_and_private", "Government and private parties"


class Posture(Word):
    """Where a jurisdiction stands toward a technology; derived, never stored."""

    NO_RULE_FOUND = "no_rule_found", "No rule found"
    NOT_RESEARCHED = "not_researched", "Not researched"
    PERMISSIVE_POLICY = "permissive_policy", "Allowed under a policy"
    RESTRICTED = "restricted", "Restricted"
    PROCESS_REQUIRED = "process_required", "Approval required"
    MORATORIUM = "moratorium", "Moratorium"
    BANNED = "banned", "Banned"
    PREEMPTED = "preempted", "Displaced by higher law"
    ROLLED_BACK = "rolled_back", "Rolled back"
    SUNSET_PASSED = "sunset_passed", "Sunset passed, extension not known"


class UseStatus(Word):
    """Where an agency stands with one technology."""

    SUSPECTED = "suspected", "Suspected"
    PROPOSED = "proposed", "Proposed"
    TRIAL = "trial", "Trial"
    PILOT = "pilot", "Pilot"
    APPROVED_NOT_DEPLOYED = "approved_not_deployed", "Approved, not deployed"
    IN_USE = "in_use", "In use"
    IN_USE_WITHOUT_REQUIRED_POLICY = "in_use_without_required_policy", "In use without the required policy"
    ACCESS_ONLY = "access_only", "Access through another body"
    PAUSED = "paused", "Paused"
    DEACTIVATED = "deactivated", "Switched off"
    TERMINATED = "terminated", "Ended"
    REJECTED = "rejected", "Rejected"
    UNKNOWN = "unknown", "Not known"


class Mode(Word):
    """How faces are recognised."""

    VERIFICATION = "verification", "One to one"
    RETROSPECTIVE = "retrospective", "Searching stored images"
    LIVE = "live", "Live"
    MOBILE = "mobile", "In the field"
    CLUSTERING = "clustering", "Clustering and traits"


class EvidenceTier(Word):
    """How close a source is to the act itself; none means not rated."""

    T1 = "T1", "Contract, enacted text, judgment or adopted minutes"
    T2 = "T2", "Agenda, bill file, staff report or packet"
    T3 = "T3", "Statement of the agency or the vendor"
    T4 = "T4", "News"
    T5 = "T5", "Tip"


class LinkState(Word):
    """What the looks at a source's address say of it; none means that nobody has looked.

    A site that refuses us, or asks us to wait, is not dead: it is not checkable.
    """

    LIVE = "live", "Link works"
    MOVED = "moved", "Link moved"
    CLOSED = "closed", "Link not checkable"
    FAILING = "failing", "Link failed, not yet counted as dead"
    DEAD = "dead", "Link dead"


class ClaimType(Word):
    """What kind of saying a claim is."""

    ALLEGATION = "allegation", "Allegation"
    FINDING = "finding", "Finding"
    COURT_ACTION = "court_action", "Court action"
    POLICY_DECISION = "policy_decision", "Policy decision"
    COMPANY_STATEMENT = "company_statement", "Company's statement"
    AGENCY_STATEMENT = "agency_statement", "Agency's statement"


class PartyKind(Word):
    """Who says it."""

    AGENCY = "agency", "Agency"
    COUNCIL = "council", "Council or elected official"
    VENDOR = "vendor", "Vendor"
    PRESS = "press", "Press"
    ADVOCATE = "advocate", "Advocate"
    RESEARCHER = "researcher", "Researcher"
    EMPLOYEE = "employee", "Employee"
    OTHER = "other", "Other"


class DateCertainty(Word):
    """How a date is known; none means that nobody noted how."""

    STATED = "stated", "Stated in the source"
    DERIVED = "derived", "Worked out from the source"
    UPPER_BOUND = "upper_bound", "Not later than this"


class ActionKind(Word):
    """What sort of oversight event it is."""

    LETTER = "letter", "Letter"
    PETITION = "petition", "Petition"
    LAWSUIT = "lawsuit", "Lawsuit or judgment"
    AUDIT = "audit", "Audit"
    HEARING = "hearing", "Hearing"
    REPORT = "report", "Report"
    STATEMENT = "statement", "Statement"
    VENDOR_POLICY = "vendor_policy", "Vendor's own rule"
    RECORDS_REQUEST = "records_request", "Request for public records"
    PUBLIC_RECORDS_RELEASE = "public_records_release", "Release of public records"


class Confidence(Word):
    """How sure the person was who wrote the record."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Verification(Word):
    """How far a record was checked after it was first written."""

    VERIFIED = "verified", "An independent source agrees"
    CITED_SOURCE_ONLY = "cited_source_only", "Not independently verified: checked against the cited source only"
    NOT_RECHECKED = "not_rechecked", "Not independently verified: not checked again"
    OPEN = "open", "Not independently verified: a question is open"
