"""Files: what bot and people upload, kept in the data folder and named by stable identifiers."""

import base64
import hashlib
import mimetypes
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sopbot.simulator.errors import bad_request, strictness
from sopbot.simulator.world import World

Json = dict[str, Any]
MAX_PHOTO = 10 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_PHOTO_SIDES = 10_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came in."""

    name: str
    mime: str
    content: bytes


class Files:
    """The files of the world."""

    def __init__(self, world: World, folder: Path) -> None:
        """Keeps contents in `folder`."""
        self._world = world
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, kind: str, upload: Upload) -> Json:
        """Stores an upload as a `photo` or a `document`; the same content and name give the same identifiers."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        size = image_size(upload.content) if kind == "photo" else None
        if kind == "photo":
            check_photo(upload, size)
        digest = hashlib.sha256(upload.content).digest()
        identity = hashlib.sha256(b"\0".join([kind.encode(), upload.name.encode(), digest])).digest()
        prefix = "AgACAgUAAxk" if kind == "photo" else "BQACAgUAAxk"
        file_id = prefix + base64.urlsafe_b64encode(identity).decode().rstrip("=")
        if file_id in self._world.files:
            return self._world.files[file_id]
        suffix = ".jpg" if kind == "photo" else Path(upload.name).suffix
        record: Json = {
            "kind": kind,
            "file_id": file_id,
            "file_unique_id": "AgAD" + base64.urlsafe_b64encode(digest[:9]).decode(),
            "name": upload.name,
            "mime": upload.mime,
            "size": len(upload.content),
            "path": f"{kind}s/file_{self._world.count('file')}{suffix}",
        }
        if size:
            record |= {"width": size[0], "height": size[1]}
        self._place(file_id).write_bytes(upload.content)
        self._world.files[file_id] = record
        self._world.ledger.put("file", file_id, record)
        return record

    def resolve(self, kind: str, value: str, given: dict[str, Upload]) -> Json:
        """Finds the file that a parameter names: an upload, or a file_id seen before."""
        if value.startswith("attach://"):
            upload = given.get(value.removeprefix("attach://"))
            if upload is None:
                raise bad_request(f"there is no {kind} in the request")
            return self.save(kind, upload)
        if value.startswith(("http://", "https://")):
            raise strictness("the simulator does not fetch files from the web")
        record = self._world.files.get(value)
        if record is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if record["kind"] != kind:
            raise bad_request(f"can't use file of type {record['kind'].title()} as {kind.title()}")
        return record

    def read(self, record: Json) -> bytes:
        """Reads a file's content."""
        return self._place(record["file_id"]).read_bytes()

    def by_path(self, path: str) -> Json | None:
        """Finds a file by the `file_path` that getFile gave."""
        return next((record for record in self._world.files.values() if record["path"] == path), None)

    def _place(self, file_id: str) -> Path:
        return self._folder / file_id


def check_photo(upload: Upload, size: tuple[int, int] | None) -> None:
    """Refuses what Telegram can't show as a photo."""
    if len(upload.content) > MAX_PHOTO:
        raise bad_request("file is too big")
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > MAX_PHOTO_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def guessed_mime(name: str) -> str:
    """Guesses the type from the name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def content_of(record: Json) -> Json:
    """Gives the part of a Message that carries the file."""
    common = {"file_id": record["file_id"], "file_unique_id": record["file_unique_id"], "file_size": record["size"]}
    if record["kind"] == "photo":
        return {"photo": [common | {"width": record["width"], "height": record["height"]}]}
    return {"document": common | {"file_name": record["name"], "mime_type": record["mime"]}}


def image_size(content: bytes) -> tuple[int, int] | None:
    """Reads width and height of a PNG, JPEG, GIF or WebP; None for anything else."""
    if content.startswith(PNG_SIGNATURE) and len(content) >= 24:  # noqa: PLR2004 - signature and IHDR
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:  # noqa: PLR2004 - screen descriptor
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) >= 30:  # noqa: PLR2004 - VP8X
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    return jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walks the segments of a JPEG to its frame header."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - marker
        marker = content[at + 1]
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
