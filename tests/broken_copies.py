"""Seeded damage to real media files: flipped bits, cut ends, spliced files, wrong lengths, lying headers."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

KINDS = ("bits", "header_bits", "cut_off", "hole", "repeat", "spliced", "header_of_another", "duration", "box_size")


def damaged(raw: bytes, others: Sequence[bytes], seed: int) -> tuple[str, bytes]:
    """One kind of damage, chosen by the seed, and the file that it leaves."""
    rng = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    return kind, _DAMAGE[kind](raw, others, rng)


def _flip(raw: bytes, rng: random.Random, n: int, end: int) -> bytes:
    broken = bytearray(raw)
    for _ in range(n):
        broken[rng.randrange(min(end, len(broken)))] ^= 1 << rng.randrange(8)
    return bytes(broken)


def _bits(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    return _flip(raw, rng, rng.choice((1, 10, 100, 1000)), len(raw))


def _header_bits(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Flips in the first kilobyte and in the last, where an MP4 may keep its index."""
    front = _flip(raw, rng, rng.randint(1, 8), 1024)
    return _flip(front[::-1], rng, rng.randint(0, 8) or 1, 2048)[::-1]


def _cut_off(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    return raw[: rng.randrange(1, len(raw))]


def _hole(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, length = rng.randrange(len(raw)), rng.randrange(1, max(2, len(raw) // 4))
    filling = rng.choice((b"\0", b"\xff", rng.randbytes(1)))
    return raw[:start] + filling * min(length, len(raw) - start) + raw[start + length :]


def _repeat(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    start, length = rng.randrange(len(raw)), rng.randrange(1, max(2, len(raw) // 2))
    return raw[: start + length] + raw[start:]


def _spliced(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others)
    return raw[: rng.randrange(1, len(raw))] + other[rng.randrange(len(other)) :]


def _header_of_another(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    other, n = rng.choice(others), rng.choice((4, 16, 64, 1024))
    return other[:n] + raw[n:]


def _duration(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Writes a number into every field of a length that an MP4, a Matroska or a WAV has; else into the header."""
    broken, number = bytearray(raw), rng.choice((0, 1, 7, 2**31 - 1, 2**32 - 1, rng.getrandbits(32)))
    places = [at + ahead for mark, ahead in _LENGTHS for at in _found(raw, mark)] or [rng.randrange(64)]
    for at in places:
        broken[at : at + 4] = struct.pack(">I", number)
    return bytes(broken)


_LENGTHS = (
    (b"mvhd", 20), (b"mdhd", 20), (b"tkhd", 24), (b"elst", 12), (b"\x44\x89\x88", 3), (b"stts", 12), (b"data", 4),
)  # fmt: skip


def _box_size(raw: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """A wrong number in front of a chunk's name or somewhere else in the header."""
    names = (b"moov", b"mdat", b"trak", b"stsz", b"stco", b"IDAT", b"IHDR", b"fmt ", b"\xff\xc0", b"\x1a\x45\xdf\xa3")
    places = [at - 4 for name in names for at in _found(raw, name) if at >= 4] or [rng.randrange(64)]
    at = rng.choice(places)
    return raw[:at] + struct.pack(">I", rng.getrandbits(rng.choice((4, 16, 31, 32)))) + raw[at + 4 :]


def _found(raw: bytes, mark: bytes) -> list[int]:
    places, at = [], -1
    while (at := raw.find(mark, at + 1)) >= 0:
        places.append(at)
    return places


_DAMAGE: dict[str, Callable[[bytes, Sequence[bytes], random.Random], bytes]] = {
    "bits": _bits, "header_bits": _header_bits, "cut_off": _cut_off, "hole": _hole, "repeat": _repeat,
    "spliced": _spliced, "header_of_another": _header_of_another, "duration": _duration, "box_size": _box_size,
}  # fmt: skip
