"""Every error that emer raises on purpose, in one tree.

```
EmerError            anything below; catch this to catch all
├── InputError       your clip, transcript, codebook or option
├── ToolError        a perception tool failed on a valid input
├── ModelError       the chat model refused, failed or answered nonsense
│   ├── EndpointError    nothing answers there, or what answers says no (wrong key, unknown model, broken server)
│   ├── RefusedError     the model declined to answer
│   ├── TruncatedError   the answer was cut off at the token limit
│   ├── AnswerError      no valid answer, also after the repair turn
│   ├── DeadlineError    the clip's time for questions is over
│   └── BudgetError      the calls, tokens or money that were allowed are spent
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


class EndpointError(ModelError):
    """Nothing answers at the endpoint, or it answers with an error that another try does not mend."""


class RefusedError(ModelError):
    """The model declined to answer."""


class TruncatedError(ModelError):
    """The answer was cut off at the token limit, also with twice the limit."""


class AnswerError(ModelError):
    """The model's answer does not fit the schema, also after it was shown what is wrong."""


class DeadlineError(ModelError):
    """The time that one clip's questions may take is over."""


class BudgetError(ModelError):
    """The calls, tokens or money that the settings allow are spent; nothing more is sent."""


class SetupError(EmerError):
    """Something is not installed or not pulled on this machine; the message names the command that brings it."""


class NetworkRefusedError(SetupError, OSError):
    """A connection was tried although `no_network` is set."""
