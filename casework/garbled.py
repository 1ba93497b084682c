"""Mojibake: words that were written in one encoding and read in another, somewhere on their way here."""

import re

_LOST = re.compile("\ufffd|锟斤拷|锟斤|烫烫烫|屯屯屯|ï¿½")
_THREE_BYTES = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]")  # a Chinese character or sign in UTF-8
_LATIN = re.compile("[\xa1-\xff]{4,}")  # GB18030 read as Latin-1: no language writes four such in a row
_LETTERS = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\xff]")  # × masks a number, · leads the eye
_WESTERN = {
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}
_FEWEST = 2
_HALF = 0.5


def garbled(words: str) -> bool:
    """Characters were lost, or the words make sense only when they are read back in another encoding."""
    if words.isascii():
        return False
    return (
        _LOST.search(words) is not None
        or any(len(set(run)) > _FEWEST and _LETTERS.search(run) for run in _LATIN.findall(words))
        or _in_utf8(_as_latin(words))
        or _in_utf8(_as_gb(words))
    )


def _in_utf8(written: bytes) -> bool:
    """Whether half of what is not ASCII is Chinese in UTF-8: by chance it is next to nothing."""
    count = sum(len(found) for found in _THREE_BYTES.findall(written))
    beyond = len(written) - sum(byte < 0x80 for byte in written)
    return count >= 3 * _FEWEST and count >= _HALF * beyond


def _as_latin(words: str) -> bytes:
    """The bytes, had they been read as Windows-1252, which leaves five of them to Latin-1."""
    return words.translate(_WESTERN).encode("latin-1", errors="replace")


def _as_gb(words: str) -> bytes:
    return words.encode("gb18030", errors="replace")
