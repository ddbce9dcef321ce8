import json

import pytest

from sopbot.store import trail
from sopbot.store.anchors import heads, read_anchors, write_anchor


def test_the_file_holds_a_line_for_each_office_and_is_only_added_to(write, entry, read, tmp_path):
    path = tmp_path / "anchors.jsonl"
    [receipt] = write(lambda conn: trail.append(conn, "sumbang", [entry(1, 1)]))
    read(lambda conn: write_anchor(conn, path))
    write(lambda conn: trail.append(conn, "karawaci", [entry(2, 1)]))
    read(lambda conn: write_anchor(conn, path))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["office"], line["seq"]) for line in lines] == [("sumbang", 1), ("karawaci", 1), ("sumbang", 1)]
    assert lines[0] == {"office": "sumbang", "seq": 1, "link": receipt.link_hex, "at": "2026-11-23T01:30:00.250001Z"}
    assert [one.office for one in read_anchors(path)] == ["sumbang", "karawaci", "sumbang"]
    assert read_anchors(path)[1:] == read(heads)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"office": "sumbang"}', '{"office": "a", "seq": "x", "link": "", "at": ""}']
)
def test_a_line_that_is_no_anchor_is_named(tmp_path, line):
    path = tmp_path / "anchors.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"Line 2 of .*anchors\.jsonl is no anchor"):
        read_anchors(path)
