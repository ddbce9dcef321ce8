"""What the keys of one SOP document must say together: the graph of its steps, its roles, times, dates, totals.

Counterpart: `document.py` says what each key may hold on its own. Every rule yields all its findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from sopbot.definitions.document import Dates, SopDocument, Step
from sopbot.definitions.problems import Finding, Loc, did_you_mean
from sopbot.definitions.schema import wrong_corrections
from sopbot.domain.sop import Mode
from sopbot.domain.standard_time import InvalidStandardTime, StandardTime

KNOWN_ROLES = (
    "camat",
    "sekcam",
    "kasubag_pk",
    "kasi",
    "kasi_kasubag",
    "staf",
    "perencana",
    "pengelola",
)
"""The roles that may act where no `kantor.yaml` stands beside the file to say which ones the office has."""

_MONTHS = (
    "januari februari maret april mei juni juli agustus september oktober november desember".split()  # noqa: SIM905
)
_DATE = re.compile(r"([0-9]{1,2}) ([a-z]+) ([0-9]{4})", re.IGNORECASE)


def findings(document: SopDocument, roles: Collection[str] = KNOWN_ROLES) -> Iterator[Finding]:
    """Check a document whose keys fit; `roles` are those of its office."""
    yield from wrong_corrections(document.model_dump(by_alias=True, mode="json"))
    yield from _dates(document.dates)
    for rule in (_numbers, _targets, _columns, _outside, _decisions, _modes, _inferred):
        yield from rule(document)
    yield from _roles(document, roles)
    yield from _times(document)
    if not any(_targets(document)) and not any(_numbers(document)):
        yield from _reachability(document)


def indonesian_date(text: str) -> date | None:
    """Read "01 Juli 2025" in any case; None for anything else."""
    found = _DATE.fullmatch(text)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        return None


def _at(position: int, *fields: str | int) -> Loc:
    return ("langkah", position, *fields)


def _dates(dates: Dates) -> Iterator[Finding]:
    for key, dated in (
        ("pembuatan", dates.made),
        ("revisi", dates.revised),
        ("pengesahan", dates.ratified),
        ("efektif", dates.effective),
    ):
        if dated is None:
            continue
        read = indonesian_date(dated.text or "")
        loc = ("tanggal", key, "iso")
        if read is None and dated.iso is not None:
            yield Finding(loc=loc, sentence=f'"{dated.text or ""}" is no full date, so it has no ISO form.')
        elif read is not None and dated.iso is None:
            yield Finding(loc=loc, sentence=f'Write the date in ISO form, too: iso: "{read}".')
        elif read is not None and dated.iso != read.isoformat():
            yield Finding(loc=loc, sentence=f'"{dated.text}" is {read}, not {dated.iso}.')


def _numbers(document: SopDocument) -> Iterator[Finding]:
    for position, step in enumerate(document.steps):
        if step.number != position + 1:
            yield Finding(
                loc=_at(position, "no"),
                sentence=f"Steps are numbered one after the other: this is {step.number}, not {position + 1}.",
            )


def _targets(document: SopDocument) -> Iterator[Finding]:
    last = len(document.steps)
    for position, step in enumerate(document.steps):
        targets: list[tuple[Loc, int]] = []
        if step.decision is not None:
            targets += [
                (_at(position, "keputusan", "ya"), step.decision.on_yes),
                (_at(position, "keputusan", "tidak"), step.decision.on_no),
            ]
        if step.returns_to is not None:
            targets.append((_at(position, "kembalikan_ke"), step.returns_to))
        for loc, target in targets:
            if target > last:
                yield Finding(loc=loc, sentence=f"There is no step {target}; the last one is {last}.")


def _columns(document: SopDocument) -> Iterator[Finding]:
    if len(set(document.columns)) != len(document.columns):
        yield Finding(loc=("kolom_pelaksana",), sentence="A column stands here twice.")
    for position, step in enumerate(document.steps):
        if step.column not in document.columns:
            yield Finding(
                loc=_at(position, "kolom"),
                sentence=f'"{step.column}" is not among kolom_pelaksana.' + did_you_mean(step.column, document.columns),
            )


def _outside(document: SopDocument) -> Iterator[Finding]:
    for position, step in enumerate(document.steps):
        outsiders = [each.by for each in step.ratifications if each.outside]
        if step.outside_decider is not None:
            outsiders.append(step.outside_decider)
        if outsiders and step.recorder is None:
            yield Finding(
                loc=_at(position, "pencatat"),
                sentence=f'"{outsiders[0]}" is outside the office: pencatat must name the role that records for it.',
            )
        if step.recorder is not None and not outsiders:
            yield Finding(
                loc=_at(position, "pencatat"), sentence="Nobody outside the office acts here, so nobody records for it."
            )
        if step.outside_decider is not None and step.recorder not in {None, step.role}:
            yield Finding(
                loc=_at(position, "peran"),
                sentence=f"Where somebody outside decides, the role that acts is the recorder, {step.recorder}.",
            )


def _decisions(document: SopDocument) -> Iterator[Finding]:
    last = len(document.steps)
    for position, step in enumerate(document.steps):
        number = position + 1  # not step.number, which may be the mistake
        if step.returns_to is not None and number <= step.returns_to <= last:
            yield Finding(
                loc=_at(position, "kembalikan_ke"),
                sentence=f"A step is returned to an earlier one, not to {step.returns_to}.",
            )
        if step.decision is None:
            yield from _no_decision(position, step)
            continue
        if step.decision.on_yes <= number:
            yield Finding(
                loc=_at(position, "keputusan", "ya"),
                sentence=f"YA leads on to a later step, not to {step.decision.on_yes}.",
            )
        if number < step.decision.on_no <= last:
            yield Finding(
                loc=_at(position, "keputusan", "tidak"),
                sentence=f"TIDAK leads back or repeats the step; {step.decision.on_no} would skip ahead.",
            )
        if number == last:
            yield Finding(
                loc=_at(position, "keputusan"),
                sentence="The last step cannot be a decision: add the step that follows YA.",
            )
        if step.yes_is is not None and step.outside_decider is not None:
            yield Finding(
                loc=_at(position, "ya_sebagai"), sentence="Recording an outside party's verdict is no signature."
            )


def _no_decision(position: int, step: Step) -> Iterator[Finding]:
    for field, value in (
        ("pemutus_luar", step.outside_decider),
        ("pengesahan", step.ratifications),
        ("ya_sebagai", step.yes_is),
    ):
        if value:
            yield Finding(loc=_at(position, field), sentence=f"Only a decision (keputusan) can have {field}.")


def _modes(document: SopDocument) -> Iterator[Finding]:
    for position, step in enumerate(document.steps):
        if step.mode is Mode.MEETING and not step.participants:
            yield Finding(loc=_at(position, "peserta"), sentence="A meeting (rapat) needs participants.")
        if step.mode is Mode.ALL and step.decision is not None:
            yield Finding(
                loc=_at(position, "cara"), sentence="A decision has one decider, so its cara cannot be semua."
            )
        if len(set(step.participants)) != len(step.participants):
            yield Finding(loc=_at(position, "peserta"), sentence="A role stands here twice.")
        if step.role in step.participants:
            yield Finding(
                loc=_at(position, "peserta"), sentence=f"{step.role} performs this step and need not be told of it."
            )


def _inferred(document: SopDocument) -> Iterator[Finding]:
    for position, step in enumerate(document.steps):
        values: dict[str, object] = {
            "pelaksana": step.performer,
            "keputusan.ya": step.decision,
            "keputusan.tidak": step.decision,
            "cara": step.mode,
            "peserta": step.participants,
            "pemutus_luar": step.outside_decider,
            "pencatat": step.recorder,
            "pengesahan": step.ratifications,
            "kembalikan_ke": step.returns_to,
            "ya_sebagai": step.yes_is,
        }
        for entry, field in enumerate(step.inferred):
            if not values[field]:
                yield Finding(
                    loc=_at(position, "disimpulkan", entry),
                    sentence=f"{field} is called inferred, but the step does not say it.",
                )
            if field in step.inferred[:entry]:
                yield Finding(loc=_at(position, "disimpulkan", entry), sentence=f"{field} stands here twice.")


def _roles(document: SopDocument, known: Collection[str]) -> Iterator[Finding]:
    for position, step in enumerate(document.steps):
        named: list[tuple[Loc, str]] = [(_at(position, "peran"), step.role)]
        named += [(_at(position, "peserta", entry), role) for entry, role in enumerate(step.participants)]
        named += [
            (_at(position, "pengesahan", entry, "oleh"), each.by)
            for entry, each in enumerate(step.ratifications)
            if not each.outside
        ]
        if step.recorder is not None:
            named.append((_at(position, "pencatat"), step.recorder))
        for loc, role in named:
            if role not in known:
                yield Finding(loc=loc, sentence=f'The office has no role "{role}".{did_you_mean(role, known)}')


def _times(document: SopDocument) -> Iterator[Finding]:
    total: StandardTime | None = StandardTime()
    for position, step in enumerate(document.steps):
        standard = step.standard
        key = "waktu" if standard.time_corrected is None else "waktu_baku"
        try:
            total = total and total + StandardTime.parse(standard.time_corrected or standard.time)
        except InvalidStandardTime as error:
            total = None
            yield Finding(loc=_at(position, "mutu_baku", key), sentence=str(error))
    if document.total_time is None:
        return
    try:
        stated = StandardTime.parse(document.total_time)
    except InvalidStandardTime as error:
        yield Finding(loc=("jumlah_waktu",), sentence=str(error))
        return
    if total is not None and stated != total:
        yield Finding(loc=("jumlah_waktu",), sentence=f"The rows add up to {total}, not to {document.total_time}.")


def _reachability(document: SopDocument) -> Iterator[Finding]:
    last = len(document.steps)
    onward: dict[int, set[int]] = {}
    back: dict[int, set[int]] = {number: set() for number in range(1, last + 1)}
    for step in document.steps:
        onward[step.number] = _successors(step, last)
        for target in onward[step.number]:
            back[target].add(step.number)
    reached, finishing = _closure({1}, onward.__getitem__), _closure({last}, back.__getitem__)
    for position, step in enumerate(document.steps):
        if step.number not in reached:
            yield Finding(loc=_at(position), sentence=f"No way leads from step 1 to step {step.number}.")
        if step.number not in finishing:
            yield Finding(loc=_at(position), sentence=f"No way leads from step {step.number} to the end, step {last}.")


def _successors(step: Step, last: int) -> set[int]:
    found = set() if step.returns_to is None else {step.returns_to}
    if step.decision is not None:
        return found | {step.decision.on_yes, step.decision.on_no}
    return found | ({step.number + 1} if step.number < last else set())


def _closure(start: set[int], neighbours: Callable[[int], Iterable[int]]) -> set[int]:
    seen, waiting = set(start), list(start)
    while waiting:
        for number in neighbours(waiting.pop()):
            if number not in seen:
                seen.add(number)
                waiting.append(number)
    return seen
