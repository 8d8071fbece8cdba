"""The rows of a comparison about rules: postures, instruments, provisions."""

from collections.abc import Iterable, Sequence
from datetime import date

from oversight.domain.compared import Blank, Cell, Entry, Home, Row, Ruled, Side
from oversight.domain.contribution import GENERAL, SETTING_ASIDE, covers
from oversight.domain.policy_standing import Force, Standing, standing
from oversight.domain.posture import Stance, stance
from oversight.domain.provision import FieldState, ProvisionCode
from oversight.domain.record import Instrument, Posture
from oversight.domain.strictness import Provision, strictest

FACES = "face_recognition"
ABOUT_FACES = "fr_"
FORBIDDING = (Posture.BANNED, Posture.MORATORIUM)
SAID = (FieldState.ANSWERED, FieldState.PRESENT_BUT_EMPTY, FieldState.REDACTED)


def told(ruled: Ruled, as_of: date) -> Standing:
    """What a policy was on that day, with doubtful dates taken late, as the posture takes them."""
    return standing(ruled.facts, as_of, is_early=False)


def begun(side: Side, as_of: date) -> list[Ruled]:
    """The policies of a side that had begun by that day."""
    return [one for one in side.policies if told(one, as_of).force is not Force.FUTURE]


def ruling(side: Side, as_of: date) -> list[Ruled]:
    """The policies of a side that were in force on that day, or whose sunset had passed with nothing known since."""
    return [one for one in side.policies if told(one, as_of).force in SETTING_ASIDE]


def stance_toward(technology: str, side: Side, as_of: date) -> Stance:
    """Where a place stood toward a technology."""
    return stance(technology, [one.facts for one in side.policies], as_of, state_policies=side.above)


def posture_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """The technologies that a rule or a use of any side names, faces first; those alike everywhere in one row."""
    named = {code for side in sides for one in begun(side, as_of) for code in one.facts.technologies}
    named |= {use.setting.technology for side in sides for use in side.uses}
    codes = [FACES, *sorted(named - {FACES, GENERAL}), *(named & {GENERAL})]
    alike: dict[object, tuple[tuple[str, ...], tuple[Cell, ...]]] = {}
    for code in codes:
        cells = tuple(posture_cell(code, side, as_of) for side in sides)
        answer = tuple((cell.blank, *((one.mark, one.home, one.beside) for one in cell.entries)) for cell in cells)
        alike[answer] = ((*alike.get(answer, ((), ()))[0], code), cells)
    return [Row(", ".join(given), cells, technologies=given) for given, cells in alike.values()]


def posture_cell(technology: str, side: Side, as_of: date) -> Cell:
    """The posture with the reason that decides."""
    now = stance_toward(technology, side, as_of)
    why = now.reasons[0]
    home = Home("jurisdiction", side.key, "status")
    if now.posture is Posture.NOT_RESEARCHED:
        return Cell(blank=Blank.UNKNOWN, because=why.text, home=home)
    if now.posture is Posture.NO_RULE_FOUND:
        return Cell(blank=Blank.NONE, because=why.text, home=home)
    deciding = next((one for one in side.policies if one.facts.key == why.key), None)
    entry = Entry(
        words=why.text,
        home=Home("policy", why.key) if why.key else home,
        sign=now.posture.value,
        beside=None if now.is_certain else "Not certain: dates or a sunset leave this open.",
        mark=now.posture,
        sources=deciding.sources if deciding else (),
    )
    return Cell((entry,))


def instrument_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """A row for each form of rule that any side has or had."""
    used = {one.facts.instrument for side in sides for one in begun(side, as_of)}
    return [
        Row(kind.label, tuple(instrument_cell(kind, side, as_of) for side in sides), code=kind.value)
        for kind in Instrument
        if kind in used
    ]


def instrument_cell(kind: Instrument, side: Side, as_of: date) -> Cell:
    """The policies of one form, with where each stood."""
    entries = [policy_entry(one, told(one, as_of)) for one in begun(side, as_of) if one.facts.instrument is kind]
    return Cell(tuple(entries)) if entries else unknown("None is recorded.")


def policy_entry(ruled: Ruled, now: Standing) -> Entry:
    """A policy by its title."""
    home = Home("policy", ruled.facts.key)
    return Entry(ruled.facts.title, home, now.force.value, beside=now.text, sources=ruled.sources)


def provision_rows(sides: Sequence[Side], as_of: date, *, of_policies: bool = False) -> list[Row]:
    """A row for each code of the vocabulary; of places, the provisions of the rules that were in force."""
    given = [side.policies if of_policies else ruling(side, as_of) for side in sides]
    exemptions = [without_faces(side, as_of, of_policies=of_policies) for side in sides]
    return [
        Row(
            code.label,
            tuple(
                provision_cell(code, texts, why if code.value.startswith(ABOUT_FACES) else None)
                for texts, why in zip(given, exemptions, strict=True)
            ),
            code=code.value,
            strictest=strictest(code, [provisions_of(code, texts) for texts in given]),
        )
        for code in ProvisionCode
    ]


def provisions_of(code: ProvisionCode, texts: Iterable[Ruled]) -> list[Provision]:
    """Every provision of one kind in some policies."""
    return [provision for one in texts for provision in one.provisions if provision.code is code]


def without_faces(side: Side, as_of: date, *, of_policies: bool) -> str | None:
    """Why provisions about face recognition cannot be asked for here; None where they can."""
    if of_policies:
        is_about = any(covers(one.facts, FACES) for one in side.policies)
        return None if is_about else "This policy is not about face recognition."
    posture = stance_toward(FACES, side, as_of).posture
    return f"Face recognition: {posture.label.lower()} here." if posture in FORBIDDING else None


def provision_cell(code: ProvisionCode, texts: Sequence[Ruled], exemption: str | None) -> Cell:
    """What the texts say; else that one was read and has nothing; else why nothing is known."""
    found = [(one, provision) for one in texts for provision in one.provisions if provision.code is code]
    if said := [provision_entry(one, provision) for one, provision in found if provision.state in SAID]:
        return Cell(tuple(said))
    for one, provision in found:
        if provision.state is FieldState.ABSENT:
            because = provision.value or f"It is not in {one.facts.title}."
            return Cell(blank=Blank.NONE, because=because, home=home_of(provision), sources=sources_of(one, provision))
    if exemption:
        return Cell(blank=Blank.NOT_APPLICABLE, because=exemption)
    if not texts:
        return unknown("No rule in force is recorded for this day.")
    return unknown()


def provision_entry(ruled: Ruled, provision: Provision) -> Entry:
    """A provision with the policy that it stands in."""
    words = provision.value or provision.state.label
    if provision.amount is not None and provision.unit:
        words = f"{words} ({provision.amount:,g} {provision.unit.label})"
    if provision.state is not FieldState.ANSWERED and provision.value:
        words = f"{provision.state.label}: {words}"
    return Entry(
        words=words,
        home=home_of(provision),
        sign=sign_of(provision),
        beside=", ".join(part for part in (ruled.facts.title, provision.reference) if part),
        sources=sources_of(ruled, provision),
    )


def sign_of(provision: Provision) -> str | None:
    """Two provisions with words only are alike; a figure tells them apart; what is blacked out does not."""
    if provision.state is FieldState.REDACTED:
        return None
    figure = f"{provision.amount:g} {provision.unit}" if provision.amount is not None else ""
    return f"{provision.state.value} {figure}".strip()


def home_of(provision: Provision) -> Home:
    return Home("policy", provision.policy, provision.code.value)


def sources_of(ruled: Ruled, provision: Provision) -> tuple[str, ...]:
    """The provision's own source, else those of its policy."""
    return (provision.source,) if provision.source else ruled.sources


def unknown(because: str | None = None) -> Cell:
    """A cell that nobody has researched."""
    return Cell(blank=Blank.UNKNOWN, because=because)
