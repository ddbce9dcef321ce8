"""`sopbot due`: when something falls due on an office's working calendar, and why; no database is needed.

Counterpart: `sopbot/domain/calendar.py` computes it, `sopbot/chat/dates.py` words the reason.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sopbot.cli.failures import CommandFailed
from sopbot.cli.output import Json, show_json
from sopbot.settings import load_settings

if TYPE_CHECKING:
    from sopbot.domain.calendar import WorkingCalendar

DEFAULT_PROFILE: Final = "perpres-5-hari"
DEFAULT_ZONE: Final = "Asia/Jakarta"


def due(
    amount: Annotated[str, typer.Argument(help='Standard time, such as "30 Menit", "1 Hari" or "1 Pekan".')],
    start: Annotated[
        str, typer.Option("--from", help="When it starts, such as 2026-11-23T11:50; without an offset local time.")
    ],
    office: Annotated[str | None, typer.Option(help="On this office's calendar.")] = None,
    profile: Annotated[
        str | None, typer.Option(help="On the national calendar with these working hours, in Asia/Jakarta.")
    ] = None,
    json: Json = False,
) -> None:
    """Say when an amount of working time falls due: the instant, and on a second line the reason.

    Without an office or a profile: on the calendar of the only office, or of perpres-5-hari where there are several.
    """
    from sopbot.chat.dates import reason
    from sopbot.domain.calendar import OutsideCalendar
    from sopbot.domain.standard_time import InvalidStandardTime, StandardTime

    calendar = _calendar(office, profile)
    try:
        time = StandardTime.parse(amount)
        deadline = calendar.explain(_instant(start, calendar), time)
    except (InvalidStandardTime, OutsideCalendar) as error:
        raise CommandFailed(str(error)) from None
    instant, why = calendar.local(deadline.due).isoformat(), reason(deadline, time, calendar)
    if json:
        show_json({"due": instant, "alasan": why})
    else:
        print(f"{instant}\n{why}")


def _calendar(office: str | None, profile: str | None) -> "WorkingCalendar":
    from sopbot.cli.sop import definitions_in, known_office
    from sopbot.definitions.public_holidays import national_calendar
    from sopbot.domain.working_hours import PROFILES

    if office is not None and profile is not None:
        raise CommandFailed("Give --office or --profile, not both.")
    if profile is None:
        offices = definitions_in(load_settings().definitions)
        if office is not None:
            return offices.offices[known_office(offices, office)].calendar
        if len(offices.offices) == 1:
            return next(iter(offices.offices.values())).calendar
        profile = DEFAULT_PROFILE
    if profile not in PROFILES:
        raise CommandFailed(f'There is no profile "{profile}". There are: {", ".join(PROFILES)}.')
    return national_calendar(PROFILES[profile], DEFAULT_ZONE)


def _instant(text: str, calendar: "WorkingCalendar") -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandFailed(f'"{text}" is no date and time such as 2026-11-23T11:50.') from None
    return at if at.tzinfo is not None else at.replace(tzinfo=calendar.zone)
