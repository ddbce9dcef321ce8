import pytest

from sopbot.simulator.errors import BotApiError
from sopbot.simulator.uploads import Upload, content_of, guessed_mime, image_size

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03"
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x05\x00\x07\x03"


def upload(content=b"isi", name="surat.pdf"):
    return Upload(name=name, mime=guessed_mime(name), content=content)


def test_the_same_file_keeps_its_identifiers(telegram):
    first = telegram.files.save("document", upload())
    assert telegram.files.save("document", upload()) == first
    assert telegram.files.save("document", upload(name="lain.pdf"))["file_id"] != first["file_id"]
    assert telegram.files.resolve("document", first["file_id"], {}) == first
    assert telegram.files.read(first) == b"isi"
    assert telegram.files.by_path(first["path"]) == first


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("document", "attach://none", "there is no document in the request"),
        ("document", "nonsense", "wrong file identifier/HTTP URL specified"),
        ("document", "https://a.b/c.pdf", "does not fetch files"),
    ],
)
def test_files_that_can_not_be_found(telegram, kind, value, reason):
    with pytest.raises(BotApiError, match=reason):
        telegram.files.resolve(kind, value, {})


def test_a_document_is_no_photo(telegram):
    document = telegram.files.save("document", upload())
    with pytest.raises(BotApiError, match="can't use file of type Document as Photo"):
        telegram.files.resolve("photo", document["file_id"], {})


def test_empty_files_and_broken_pictures_are_refused(telegram):
    with pytest.raises(BotApiError, match="file must be non-empty"):
        telegram.files.save("document", upload(content=b""))
    with pytest.raises(BotApiError, match="IMAGE_PROCESS_FAILED"):
        telegram.files.save("photo", upload())


def test_a_photo_tells_its_size(telegram):
    photo = content_of(telegram.files.save("photo", upload(PNG, "x.png")))["photo"][0]
    assert (photo["width"], photo["height"]) == (2, 3)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PNG, (2, 3)),
        (JPEG, (7, 5)),
        (b"GIF89a\x04\x00\x05\x00", (4, 5)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x01\0\0\x02\0\0", (2, 3)),
        (b"%PDF-1.7", None),
        (b"\xff\xd8", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(content, size):
    assert image_size(content) == size
