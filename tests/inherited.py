"""What programs under test may inherit from whoever runs the tests."""

import os

# What the examples, and the original beside them, read; the providers of `examples/oauth` have names of their own.
NAMES = {
    "ARGON2", "BASE_URL", "BIND", "DATABASE_URL", "MAIL_FROM", "MONGODB_URL", "OBJECT_IDS", "OLD_HASHER", "REDIS_URL", "SECRET", "SMTP_URL",
}  # fmt: skip
PREFIXES, SUFFIXES = ("OIDC_", "USERS_"), ("_CLIENT_ID", "_CLIENT_SECRET")


def environment() -> dict[str, str]:
    """The environment without what would reach a developer's own servers, or change what is tested."""
    return {name: value for name, value in os.environ.items() if not is_a_setting(name)}


def is_a_setting(name: str) -> bool:
    return name in NAMES or name.startswith(PREFIXES) or name.endswith(SUFFIXES)
