"""Every error that emer raises on purpose, in one tree.

```
EmerError            anything below; catch this to catch all
├── InputError       your clip, transcript, codebook or option
├── ToolError        a perception tool failed on a valid input
├── ModelError       the chat model refused, failed or answered nonsense
└── SetupError       this machine lacks something; the message names the command that brings it
    └── NetworkRefusedError  a connection was tried although connections are off (an OSError too)
```

A message says what was wrong (`{value!r}`), what was expected and what to do next.
"""


class EmerError(Exception):
    """Root of every error that emer raises on purpose."""

    exit_status = 1


class InputError(EmerError):
    """The input cannot be used: a missing, empty, broken or forbidden clip, file or option."""

    exit_status = 2


class ToolError(EmerError):
    """A perception tool failed; the specialist that called it becomes `missing`, the run goes on."""


class ModelError(EmerError):
    """A chat model did not give a usable answer within the retries and the budget."""


class SetupError(EmerError):
    """Something is not installed or not pulled on this machine; the message names the command that brings it."""


class NetworkRefusedError(SetupError, OSError):
    """A connection was tried although `no_network` is set."""
