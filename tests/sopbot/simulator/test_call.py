from sopbot.simulator.call import Call


def test_a_call_gives_its_parameters_and_the_world(telegram):
    call = Call(telegram=telegram, method="getChat", parameters={"chat_id": 101})
    assert (call.get("chat_id"), call.get("nothing"), call.world) == (101, None, telegram.world)
