from sopbot.simulator.utf16 import cut, length


def test_characters_beyond_the_basic_plane_count_twice():
    assert length("a🏟é") == 4


def test_cutting_counts_the_same_way():
    assert cut("🏟 stadion", 3, 7) == "stadion"
    assert cut("a🏟b", 1, 2) == "🏟"
