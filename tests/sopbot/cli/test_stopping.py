"""A signal sets the event, and what runs ends by itself; afterwards signals mean what they meant before."""

import asyncio
import os
import signal

import pytest

from sopbot.cli.stopping import SIGNALS, run_until_stopped


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send a signal to a process but by killing it")
def test_a_signal_sets_the_event(number):
    before = {one: signal.getsignal(one) for one in SIGNALS}
    ended = []

    async def work(stop):
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stop.wait(), 10)
        ended.append(signal.getsignal(number))

    run_until_stopped(work)
    assert ended == [signal.SIG_DFL]  # a second one would end the program at once
    assert {one: signal.getsignal(one) for one in SIGNALS} == before


def test_what_fails_is_raised_and_signals_are_given_back():
    before = {one: signal.getsignal(one) for one in SIGNALS}

    async def work(_stop):
        raise ValueError("odd")

    with pytest.raises(ValueError, match="odd"):
        run_until_stopped(work)
    assert {one: signal.getsignal(one) for one in SIGNALS} == before
