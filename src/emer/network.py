"""Turns any connection of this process into an error, for good.

Two locks. Python tells an audit hook before a socket connects, sends, binds or a name is looked up (PEP 578): the hook
refuses with a clear message. On Linux the kernel is asked as well to make no socket but local ones (AF_UNIX and the
kernel's own) for this process and its children from now on, which also holds for libraries that are not Python
(seccomp(2)); where the kernel does not offer that, the first lock stands alone.
"""

from __future__ import annotations

import ctypes
import platform
import socket
import struct
import sys
from functools import cache
from typing import Any

from emer.errors import NetworkRefusedError

_NAMED = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_ADDRESSED = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Per machine its name in the kernel (linux/audit.h) and the number of its system call `socket`."""
_FAMILIES = (socket.AF_INET, socket.AF_INET6)
_EACCES = 13


@cache
def refuse_connections() -> bool:
    """Whether the kernel helps; from now on any connection but to a local socket (AF_UNIX) is an error."""
    sys.addaudithook(_refuse)
    return _lock_kernel()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _NAMED:
        raise _refused(arguments[0])
    if event in _ADDRESSED and arguments[0].family in _FAMILIES:
        raise _refused(arguments[1])


def _refused(where: object) -> NetworkRefusedError:
    return NetworkRefusedError(
        f"a connection to {where!r} was tried, but connections are off (setting no_network); "
        "unset EMER_NO_NETWORK to allow them"
    )


def _lock_kernel() -> bool:
    """Whether a seccomp filter now makes `socket` fail with EACCES for internet families, in every thread.

    The filter is classic BPF over struct seccomp_data: the call's number at byte 0, the machine at 4, the low half of
    the first argument (the family) at 16 (linux/seccomp.h, linux/filter.h).
    """
    if sys.platform != "linux" or platform.machine() not in _SOCKET_CALLS:
        return False
    machine, number = _SOCKET_CALLS[platform.machine()]
    load, jump_if_equal, answer = 0x20, 0x15, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | _EACCES
    steps = [
        (load, 0, 0, 4),
        (jump_if_equal, 0, 6, machine),
        (load, 0, 0, 0),
        (jump_if_equal, 0, 4, number),
        (load, 0, 0, 16),
        (jump_if_equal, 1, 0, int(socket.AF_INET)),
        (jump_if_equal, 0, 1, int(socket.AF_INET6)),
        (answer, 0, 0, refuse),
        (answer, 0, 0, allow),
    ]
    return _install(b"".join(struct.pack("=HBBI", *step) for step in steps), len(steps))


def _install(filter_bytes: bytes, n_steps: int) -> bool:
    no_new_privileges, set_filter, every_thread = 38, 1, 1
    seccomp = {"x86_64": 317, "aarch64": 277}[platform.machine()]
    kept = ctypes.create_string_buffer(filter_bytes)
    program = struct.pack("@HP", n_steps, ctypes.addressof(kept))  # struct sock_fprog, padded as C pads it
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(kernel.syscall(seccomp, set_filter, every_thread, ctypes.create_string_buffer(program)) == 0)
