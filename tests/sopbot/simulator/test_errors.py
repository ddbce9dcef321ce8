from sopbot.simulator.errors import BotApiError, SimError, bad_request, strictness


def test_a_refusal_begins_with_telegrams_prefix():
    assert bad_request("chat not found").description == "Bad Request: chat not found"
    assert BotApiError(401).description == "Unauthorized"


def test_what_only_the_simulator_refuses_says_so():
    assert strictness("x").description.endswith("[simulator]")


def test_a_refusal_of_sim_keeps_its_status():
    error = SimError(409, "no")
    assert (error.status, str(error)) == (409, "no")
