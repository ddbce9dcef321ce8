"""The running bot: ticks, signs of life, command menus, and what stops it for good."""

import asyncio
from datetime import timedelta

import pytest

from sopbot.app import building_bot
from sopbot.bot import CLOCK_TOLERANCE, ClockBehind
from sopbot.chat.poller import TokenRefused
from sopbot.domain.commands import AcceptStep
from sopbot.services.execute import Origin
from sopbot.services.outages import LAST_POLL
from sopbot.store import meta

SOP = "neglasari-rencana-aksi"


async def begun(bot):
    """Begin the office's SOP as whoever performs its first step."""
    with bot.services.database.read() as conn:
        sop = bot.services.presenting.catalogue.current(conn, SOP).sop
        holder = bot.services.offices.now(conn, "neglasari").holders(sop.step(1).role)[0]
    return await bot.services.execution.start(SOP, "Renaksi 2027", holder.id, Origin()), holder.id


async def test_settling_does_what_is_due_and_names_the_next_moment(beside):
    async with building_bot(beside) as bot:
        intake = asyncio.create_task(bot.intake.run())
        outcome, holder = await begun(bot)
        moment = await asyncio.wait_for(bot.settle(), 10)
        assert moment is not None
        assert moment > bot.services.clock.now()
        assert moment == bot.upcoming()
        with bot.services.database.read() as conn:
            assert conn.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'sent'").scalar() == 1
        await bot.services.execution.execute(
            outcome.after.id, lambda at: AcceptStep(assignment=1, by=holder, at=at), Origin()
        )
        bot.services.clock.set(bot.services.clock.now() + timedelta(days=30))
        later = await asyncio.wait_for(bot.settle(), 10)
        assert later > bot.services.clock.now()
        intake.cancel()


async def test_overseers_get_their_menu_and_everybody_the_common_one(beside, local_telegram):
    async with building_bot(beside) as bot:
        menus = bot._overseers_menus()
        roles = {one.telegram_id: set(one.roles) for one in bot.services.definitions.training["neglasari"]}
        assert set(menus) == {who for who, held in roles.items() if held & {"camat", "sekcam"}}
        await asyncio.wait_for(bot._introduce(), 10)
    profile = str(dict(local_telegram.world.profile))
    assert "pantau" in profile


async def test_a_sign_of_life_and_the_last_poll_are_left(settings):
    async with building_bot(settings) as bot:
        bot.poller.last_success = bot.services.clock.now()
        await bot._beat()
        assert bot.heartbeat.read_text().startswith("20")
        with bot.services.database.read() as conn:
            assert meta.get(conn, LAST_POLL) == bot.poller.last_success.isoformat()


async def test_a_clock_behind_the_trail_stops_the_start(beside):
    async with building_bot(beside) as bot:
        await begun(bot)
        now = bot.services.clock.now()
        bot.services.clock.set(now - CLOCK_TOLERANCE - timedelta(seconds=30))
        with pytest.raises(ClockBehind):
            await asyncio.wait_for(bot.run(asyncio.Event()), 20)
        bot.services.clock.set(now - CLOCK_TOLERANCE + timedelta(seconds=30))
        bot._require_time()


async def test_a_sweep_that_fails_is_logged_and_does_not_stop_the_bot(settings, caplog):
    async with building_bot(settings) as bot:
        await bot.services.database.writer.run(lambda conn: conn.exec_driver_sql("DROP TABLE assignment"))
        await bot._sweep()
    assert "sweep_failed" in caplog.text


async def test_a_token_that_is_refused_for_good_ends_the_bot(beside):
    from pydantic import SecretStr

    wrong = beside.model_copy(update={"token": SecretStr("1:" + "x" * 35), "sim_clock_url": None})
    async with building_bot(wrong) as bot:

        async def at_once(_seconds):
            pass

        bot.poller.pause = at_once
        with pytest.raises(ExceptionGroup) as group:
            await asyncio.wait_for(bot.run(asyncio.Event()), 20)
        assert group.group_contains(TokenRefused)


async def test_what_a_dead_process_had_claimed_is_taken_over_at_the_start(beside):
    async with building_bot(beside) as bot:
        await begun(bot)
        await bot.delivery._claim(16)
    async with building_bot(beside) as bot:
        stop = asyncio.Event()
        stop.set()
        await asyncio.wait_for(bot.run(stop), 20)
        with bot.services.database.read() as conn:
            rows = conn.exec_driver_sql("SELECT state, uncertain FROM outbox").fetchall()
    assert [tuple(row) for row in rows] == [("waiting", 1)]
