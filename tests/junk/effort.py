"""How long junk is thrown: a few seconds in every run, minutes with HYPOTHESIS_PROFILE=thorough."""

import os

from hypothesis import HealthCheck, Phase, settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def effort(*, examples: int, thorough: int, steps: int = 30) -> settings:
    """Hypothesis' settings for so many examples; a server on a busy machine has no deadline.

    What fails is made small in the thorough run only: where a server does not answer, each try costs a wait.
    """
    return settings(
        max_examples=thorough if THOROUGH else examples,
        stateful_step_count=steps,
        deadline=None,
        phases=list(Phase) if THOROUGH else [Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
