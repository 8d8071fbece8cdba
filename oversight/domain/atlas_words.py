"""What the Atlas of Surveillance calls things, in the words of the record."""

import re
from collections.abc import Mapping
from enum import StrEnum

from oversight.domain.record import OperatorKind

# By the Atlas's name without regard to case, hyphens and a plural at its end.
TECHNOLOGIES: Mapping[str, str] = {
    "automated license plate reader": "alpr",
    "automatic license plate reader": "alpr",
    "body worn camera": "body_worn_camera",
    "camera registry": "camera_network",
    "camera registrie": "camera_network",
    "cell site simulator": "cell_site_simulator",
    "drone": "drones",
    "electronic monitoring": "electronic_monitoring",
    "face recognition": "face_recognition",
    "facial recognition": "face_recognition",
    "fusion center": "data_fusion",
    "gunshot detection": "gunshot_detection",
    "predictive policing": "predictive_policing",
    "real time crime center": "real_time_crime_center",
    "ring/neighbors partnership": "camera_network",
    "social media monitoring": "social_media_monitoring",
    "third party investigative platform": "data_fusion",
    "video analytic": "video_analytics",
}
RETIRED = frozenset({"ring/neighbors partnership"})  # the Atlas gave this kind up in 2024


class Jurisdictions(StrEnum):
    """Whose agency it is, as far as it decides where to look for the government."""

    MUNICIPAL = "municipal"
    COUNTY = "county"
    STATE = "state"
    FEDERAL = "federal"
    SCHOOLS = "schools"
    TRANSIT = "transit"
    TRIBAL = "tribal"
    OTHER_BODY = "other body"


_JURISDICTIONS = (
    (r"municipal|city|town|village|borough|local", Jurisdictions.MUNICIPAL),
    (r"county|parish", Jurisdictions.COUNTY),
    (r"state(wide)?", Jurisdictions.STATE),
    (r"federal|national", Jurisdictions.FEDERAL),
    (r"school( district)?|k-?12|independent school district", Jurisdictions.SCHOOLS),
    (r"transit|transportation|railroad|transit authority", Jurisdictions.TRANSIT),
    (r"tribal|tribe", Jurisdictions.TRIBAL),
    (
        r"university|college|campus|higher education|airport|port|parks?|hospital|regional|special( district)?|"
        r"multi-?jurisdiction(al)?|joint|court|housing authority",
        Jurisdictions.OTHER_BODY,
    ),
)
_OPERATORS = (
    (r"state police|highway patrol|state patrol|state agency|state law enforcement", OperatorKind.STATE_POLICE),
    (r"sheriff", OperatorKind.SHERIFF),
    (r"fusion", OperatorKind.FUSION_CENTER),
    (r"prosecutor|district attorney|attorney", OperatorKind.DISTRICT_ATTORNEY),
    (r"correction|prison|jail|probation|parole", OperatorKind.CORRECTIONS),
    (r"transit|rail", OperatorKind.TRANSIT_POLICE),
    (r"school|university|college|campus", OperatorKind.SCHOOL),
    (r"airport", OperatorKind.AIRPORT),
    (r"housing", OperatorKind.HOUSING_AUTHORITY),
    (r"parking", OperatorKind.PARKING),
    (r"federal", OperatorKind.FEDERAL),
    (r"task ?force|regional|multi", OperatorKind.REGIONAL_BODY),
    (r"police|constable|marshal|public safety", OperatorKind.POLICE),
)
_SUFFIX = re.compile(r"( (inc|incorporated|llc|llp|ltd|limited|corp|corporation|co|company|plc|gmbh))+$")
_AGENCY = (
    (r"\bdept\b|\bdep t\b", "department"),
    (r"\bpd$", "police department"),
    (r"\bso$", "sheriffs office"),
    (r"\bsheriff s\b|\bsheriff\b", "sheriffs"),
    (r"\bsheriffs (department|office)?$|\bsheriffs$", "sheriffs office"),
)


def technology_of(name: str) -> str | None:
    """The code of a technology; None where the record has no word for it."""
    return TECHNOLOGIES.get(bare_technology(name))


def bare_technology(name: str) -> str:
    """A technology's name as the table has it, from its label ("Body-worn Cameras") or its slug."""
    return " ".join(name.casefold().replace("-", " ").split()).removesuffix("s")


def jurisdictions_of(kind: str) -> Jurisdictions | None:
    """Whose agency it is, by the Atlas's word for it."""
    word = kind.strip().casefold()
    return next((found for pattern, found in _JURISDICTIONS if re.fullmatch(pattern, word)), None)


def operator_of(kind: str, agency: str) -> OperatorKind:
    """What sort of agency it is, by the Atlas's word for it, else by its name."""
    for words in (kind.casefold(), agency.casefold()):
        if found := next((found for pattern, found in _OPERATORS if re.search(pattern, words)), None):
            return found
    return OperatorKind.UNKNOWN


def bare_agency(name: str) -> str:
    """An agency's name without what one agency is written with or without."""
    bare = _bare(name)
    for pattern, word in _AGENCY:
        bare = re.sub(pattern, word, bare)
    return " ".join(bare.split())


def bare_vendor(name: str) -> str:
    """A company's name in lower case, without signs and without its legal form."""
    return _SUFFIX.sub("", _bare(name))


def _bare(name: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold().replace("’", "'").replace("'s", "s")).split())
