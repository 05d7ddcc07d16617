"""What a new hash costs on both sides: what each server takes by default, or as the variable `ARGON2` says (memory in KiB, passes,
lanes), where hashing is not what is compared."""

import os

GIVEN = os.environ.get("ARGON2")
MEMORY, PASSES, LANES = map(int, (GIVEN or "65536,3,4").split(","))
# How a new hash begins.
CURRENT = f"$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}$"


def environment() -> dict[str, str]:
    """What tells a server."""
    return {"ARGON2": GIVEN} if GIVEN else {}
