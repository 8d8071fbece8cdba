"""The words around the name of a government: how states are written, who acts, what tells that a place does not."""

from typing import Final

from oversight.vocabulary.states import STATE_NAMES


def words(listed: str) -> frozenset[str]:
    """A set of words from a list that is easy to read and to lengthen."""
    return frozenset(listed.split())


# The Associated Press's abbreviations, beside the postal codes.
# fmt: off
_PRESS = {
    "Ala": "AL", "Ariz": "AZ", "Ark": "AR", "Calif": "CA", "Colo": "CO", "Conn": "CT", "Del": "DE", "Fla": "FL",
    "Ga": "GA", "Ill": "IL", "Ind": "IN", "Kan": "KS", "Ky": "KY", "La": "LA", "Mass": "MA", "Md": "MD", "Mich": "MI",
    "Minn": "MN", "Miss": "MS", "Mo": "MO", "Mont": "MT", "Neb": "NE", "Nev": "NV", "N.H": "NH", "N.J": "NJ",
    "N.M": "NM", "N.Y": "NY", "N.C": "NC", "N.D": "ND", "Okla": "OK", "Ore": "OR", "Pa": "PA", "R.I": "RI", "S.C": "SC",
    "S.D": "SD", "Tenn": "TN", "Tex": "TX", "Va": "VA", "Vt": "VT", "Wash": "WA", "W.Va": "WV", "Wis": "WI",
    "Wyo": "WY", "D.C": "DC",
}
# fmt: on
STATES: Final = {name.casefold(): code for code, name in STATE_NAMES.items()}
SHORT: Final = {short.replace(".", "").casefold(): code for short, code in _PRESS.items()}
POSTAL: Final = frozenset({*STATE_NAMES, "DC"})
# Codes that are no English words, so that they tell a state in the words of an address.
PLAIN_CODES: Final = POSTAL - words("AL AR CO DE DC HI ID IN LA MA ME OH OK OR PA PR MS MT")


def state_code(written: str) -> str | None:
    """The postal code of a state as written, in full, abbreviated or as a code."""
    bare = written.strip().replace(".", "")
    if len(bare) == 2 and bare.upper() in POSTAL:
        return bare.upper()
    return STATES.get(bare.casefold()) or SHORT.get(bare.casefold())


# What acts for a place that stands before it: "Salem police", "the Salem City Council".
BODY: Final = words(
    """
    council councils councilmember councilmembers councilman councilwoman councilor councilors councillor
    councillors commission commissioner commissioners police pd sheriff sheriffs sheriff's sheriff’s mayor
    mayor's mayor’s alderman aldermen alders aldermanic supervisors supervisor trustees officials leaders
    residents selectmen selectboard schools prosecutor prosecutors prosecutor's prosecutor’s attorney
    attorney's attorney’s auditor officers deputies cops authorities voters constable constables legislature
    legislators housing transit airport administrators dpw troopers executive freeholders cop lawsuit
    ordinance isd usd pd's pd’s policing campus firefighters taxpayers councilmember's clerk judge jail
    assembly district
    """
)
# What may stand between the place and its body.
MODIFIER: Final = words(
    """
    city town township village borough county common metro metropolitan select board of unified independent
    public regional municipal area local the capitol university college state community school department and
    district area's safety international
    """
)
# Bodies of a state.
STATE_BODY: Final = words(
    """
    legislature legislators lawmakers lawmaker senate senator senators house assembly general governor
    governor's governor’s gov attorney state highway department dmv supreme secretary bureau dps
    troopers trooper lottery division office
    """
)
# What a government has: "Lancaster's camera network", "Salem's contract".
OWNED: Final = words(
    """
    use contract contracts cameras camera drone drones program programme ordinance network readers
    surveillance ban policy deal agreement system plate license plan vote moratorium police council mayor city
    town county sheriff commissioners supervisors aldermen trustees board chief inspector auditor attorney
    school department real-time crime controller ombudsman jail oversight privacy facial fleet pilot
    technology automated alpr flock
    """
)
LAWMAKERS: Final = words("legislature lawmakers legislators senate senators house assembly representatives")
SCHOOL: Final = words("university college fair park route street")
UNIT: Final = words("city town village borough township county municipality mayor port state parish")
SEAT: Final = BODY | words("departments department boards agencies governments government chief forces")
SHERIFF: Final = words("sheriff sheriffs sheriff's sheriff’s deputies")
CITY_COUNTIES: Final = frozenset({"san francisco", "denver", "philadelphia", "broomfield", "honolulu"})
LOCATIVE: Final = words("in across around throughout over")
SUBJECT_VERB: Final = words(
    """
    to votes vote voted ends end ending ended cancels cancel terminates rejects rejected approves approved
    will wont won considers removes announces shuts drops pauses suspends bans pulls says cuts moves stops
    buys adopts signs weighs is has had was wants plans puts became becomes joins delays tables renews expands
    launches agrees decides faces sues becoming may might could should must let lets turns kills scraps halts
    keeps gets adds installs uses used using deploys reviews debates discontinues parts severs nixes okays oks
    passes repeals limits
    """
)
# What a place is named for without acting.
COMPARED: Final = words("like unlike resembling modelled modeled mirroring following elsewhere")
COMPANY: Final = words(
    """
    company startup start-up firm vendor maker manufacturer contractor business corporation headquartered
    based headquarters hq offices show conference expo convention summit trade
    """
)
PERSON: Final = words("man woman teen teenager boy girl native couple driver suspect family student resident")
TITLE: Final = words(
    """
    mr mrs ms dr mayor chief officer councilmember councilman councilwoman councilor commissioner sheriff sen
    rep gov governor judge detective lt sgt capt captain sergeant lieutenant senator representative attorney
    president supervisor alderman alderwoman deputy trooper officers chiefs mayors sheriffs professor
    secretary director reporter
    """
)
OUTLET: Final = words(
    """
    times post tribune journal herald chronicle news star magazine globe gazette sun university college
    institute avenue street road drive boulevard river lake street's law clinic
    """
)
# Names of places that are words first: they count where a state, "City of" or a body says that they are places.
WORD_NAMES: Final = words(
    """
    union center mobile reading liberty commerce police justice council media flower orange price friendship
    art january may march august bath boring ring eagle nova falcon sparrow raven carbon globe star sun
    universal independence normal defiance enterprise surprise hope best page west east north south central
    college university security home trade rescue post fair progress progressive harmony unity freedom
    republic democrat federal national delta axon chase search sale success speed superior standard protection
    pilot industry industrial energy echo sandy rocky green grant grants cash bell black brown white long
    short story early love gun gas oil power day holiday christmas sunday friday monday tuesday wednesday
    thursday saturday june april july october november december september february model modern novelty plain
    plains point record royal scout secret senate sheriff street summit sunrise sunset tower trail trinity
    triumph upper valley veteran victory village vista wall war water weed wells wing winner wise wood zone
    state states county city town township board public school schools district department officer chief mayor
    judge attorney court law opportunity amazon clear clearview flock meta alpha omega apple oracle target
    walmart google microsoft rubicon palisade vigilant lynx nice
    """
)
# Names of people as often as of places: a mere mention of them tells no place.
PEOPLE: Final = words(
    """
    charlotte austin madison jackson lincoln wilson allen henderson houston tyler dallas savannah carson logan marion
    florence jordan taylor clinton kennedy lawrence irving garland victoria chandler eugene quincy fontana riverside
    washington jefferson franklin marshall monroe grant warren webster douglas wayne hudson lee scott stewart howard
    newton nelson morgan mason mitchell murray parker perry porter russell sherman spencer troy vernon wallace warner
    wheeler anderson allentown bradley burke butler camden chester clayton clark cleveland crawford davis dawson decatur
    elgin elliott emerson everett fletcher forest francis fulton garner gordon graham hamilton harrison harvey hayes
    houston jasper jay kelly kent lamar lewis lincoln lloyd lyons martin maxwell melvin milton norman oliver orlando
    owen palmer paterson patterson paul pierce preston raleigh raymond reed reno robinson rogers ross santiago shelby
    sheridan sidney sterling thomas thompson trenton tracy travis valentine vincent walker walter wells williams windsor
    augusta alexandria aurora carmel chelsea devon diana georgia helena holly june olivia regina sharon sierra
    virginia angelo berkeley brooks bruce carter chase christian cole cruz dean dennis diamond drake earl ford frank
    """
)
NO_PLACE: Final = words("the city town county village board council police state school public local federal")
