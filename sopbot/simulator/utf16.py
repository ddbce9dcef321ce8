"""Telegram counts a text in UTF-16 code units; Python in code points. Used by everything that handles entities."""


def length(text: str) -> int:
    """Counts UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, size: int) -> str:
    """Cuts by UTF-16 offset and length."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[offset * 2 : (offset + size) * 2].decode("utf-16-le", "replace")
