"""How much junk is sent: for seconds in every run, for minutes with HYPOTHESIS_PROFILE=thorough."""

import os

from hypothesis import HealthCheck, Phase, settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def effort(*, examples: int, thorough: int, steps: int = 30) -> settings:
    """Hypothesis' settings for so many examples; a server on a busy machine has no deadline.

    Failing examples are made smaller in the thorough run only: each try waits for a server that may be dead.
    """
    return settings(
        max_examples=thorough if THOROUGH else examples,
        stateful_step_count=steps,
        deadline=None,
        phases=list(Phase) if THOROUGH else [Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
