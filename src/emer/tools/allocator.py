"""Keeps the C allocator from hoarding the memory of decoded pictures.

glibc raises its threshold for giving memory back each time a large block is freed, up to 32 MiB; a long video then
grows by megabytes a minute though Python holds none of it (three clips with a face: 9.5 MiB a minute). The thresholds
are fixed at their documented start values (mallopt(3)), once a process, where the C library is glibc.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_START_BYTES = 128 * 1024


@cache
def give_memory_back() -> bool:
    """Whether the thresholds could be fixed; elsewhere than on glibc nothing is done."""
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    return all(mallopt(option, _START_BYTES) == 1 for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD))
