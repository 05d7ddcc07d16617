"""Sends what Schemathesis makes of the example's own OpenAPI document to the example `full`, and judges every answer by it.

    python3 tests/fuzz/run.py --full target/debug/full [--cases 1000] [--seed 1]

It runs twice, with the preset of FastAPI Users and without, with every backend and an OpenID provider. Three clients take part: a
superuser with a token, a user with a cookie, and nobody.
"""

import argparse
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "compare"), str(HERE.parent / "browser")]

import servers  # noqa: E402 - needs the path
import processes  # noqa: E402 - `servers` knows the path
import virtual_environment  # noqa: E402
from application import Application  # noqa: E402
from driver import provider  # noqa: E402

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--full", required=True, type=Path, help="the built example")
OPTIONS.add_argument("--cases", type=int, default=1000, help="at least so many; what follows from the document alone is more")
OPTIONS.add_argument("--seed", type=int, default=1)
# All that there are.
PHASES = "examples,coverage,fuzzing,stateful"
# From so many cases on, everybody sends what the document alone leads to; below, only the superuser.
LONG = 3000
# What the environment says of the application: hashes are cheap, since they are not what is judged, and the fuzzer obeys
# `Retry-After`, so limits would keep it waiting.
CHEAP = {"ARGON2": "16384,1,1"}
SETTINGS = {"preset": CHEAP, "off": CHEAP | {"USERS_COMPAT": "off", "LIMITS": "off"}}
REGISTERED = ("the-application", "a secret of nobody's")
# Where browsers may return to: beside the route that was asked, and where the strict routes say.
PATHS = ("/auth/oidc/callback", "/auth/associate/oidc/callback", "/strict-callback")


@dataclass
class Client:
    """One whose requests these are."""

    name: str
    # By the name of the security scheme.
    credentials: dict
    # The same as the headers of a request.
    headers: dict
    own_id: str = ""
    # What may end without an answer of success, …
    may_miss: set = field(default_factory=set)
    # … and what must.
    must_miss: set = field(default_factory=set)


def clients(application) -> list:
    """Those who take part."""
    described = operations(application.document())
    guarded = {name for name, one in described.items() if one.get("security") and {} not in one["security"]}
    for_superusers = {name for name in guarded if "superuser" in name or "{id}" in name}
    # A user becomes verified on the way, or not.
    for_verified = {name for name in guarded if "403" in described[name]["responses"]}
    root, token = application.superuser("root@fuzz.example.com", "jwt")
    jo, cookie = application.user("jo@fuzz.example.com", "cookie")
    above_jo = for_superusers | {"GET /current/only-jwt"}
    return [
        Client("superuser", {"jwt": {"bearer": token}}, {"Authorization": f"Bearer {token}"}, root),
        Client("user", {"cookie": {"api_key": cookie}}, {"Cookie": f"fastapiusersauth={cookie}"}, jo, for_verified | above_jo, above_jo),
        Client("nobody", {}, {}, "", guarded, guarded),
    ]


def operations(document) -> dict:
    """The document's operations by the names that the fuzzer gives them."""
    return {f"{method.upper()} {path}": one for path, item in document["paths"].items() for method, one in item.items()}


class Fuzzer:
    """Schemathesis, in an environment of its own."""

    def __init__(self, folder: Path, application, seed: int):
        environment = virtual_environment.make("fuzz", HERE / "requirements.txt", "the fuzzer")
        self.program = environment / "bin" / "schemathesis"
        self.folder, self.application, self.seed = folder, application, seed

    def run(self, client: Client, phases: str, examples: int, reaches: bool) -> int:
        """Sends the cases of one client; how many they were."""
        config, report = self.folder / f"{client.name}.toml", self.folder / f"{client.name}.json"
        config.write_text(self.config(client))
        command = [str(self.program), "--config-file", str(config), "run", f"{self.application.url}/openapi.json"]
        command += ["--checks", "all", "--phases", phases, "--max-examples", str(examples), "--seed", str(self.seed)]
        command += ["--continue-on-failure", "--no-color", "--generation-database", "none"]
        # Time is no finding: the machine may have much else to do.
        command += ["--request-timeout", "300", "--suppress-health-check", "too_slow"]
        command += ["--report", "json", "--report-json-path", str(report)]
        forgetful = f"forgetful-{client.name}@fuzz.example.com"
        self.application.user(forgetful, "jwt")
        told = {
            "name": client.name,
            "headers": client.headers,
            "printed": str(self.application.process.stdout),
            "own_id": client.own_id,
            "guest": self.application.guest,
            "forgetful": forgetful,
            "may_miss": sorted(client.may_miss) if reaches else None,
            "must_miss": sorted(client.must_miss),
        }
        environment = os.environ | {"no_proxy": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1", "FUZZ_CLIENT": json.dumps(told)}
        status = processes.run(command, cwd=self.folder, env=environment)
        if not report.exists():
            raise SystemExit("the fuzzer failed")
        result = json.loads(report.read_text())
        tested = result["operations"]["tested"] == result["operations"]["total"]
        if status or result["failures"] or result["errors"] or not tested:
            raise SystemExit(f"as {client.name}: there are findings\n{self.application.process.complaint()}")
        return result["test_cases"]["generated"]

    def config(self, client: Client) -> str:
        """What the command line has no words for."""
        lines = [f"hooks = {json.dumps(str(HERE / 'hooks.py'))}", "[auth]", "auto-signup = false"]
        for scheme, credentials in client.credentials.items():
            lines.append(f"[auth.openapi.{scheme}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in credentials.items()]
        return "\n".join(lines) + "\n"


def extent(client: Client, setting: str, cases: int) -> tuple[str, int, bool]:
    """The phases, how many random cases there are of each operation, and whether each operation must be reached."""
    if cases >= LONG:
        return PHASES, cases // 400, True
    if client.name == "superuser":
        return (PHASES, 8, True) if setting == "preset" else ("fuzzing,stateful", 12, True)
    return "fuzzing", 2, False


def environment(stack: ExitStack, folder: Path) -> dict[str, str]:
    """A Redis and a provider, as the application is told of them."""
    redis = servers.redis_server(folder)
    stack.callback(redis.stop)
    script = str(HERE.parent / "oidc" / "provider.sh")
    # The preset sends no code_challenge, as the original does.
    command = ["env", "PKCE=optional", script, "0", *REGISTERED, *PATHS]
    issuer = stack.enter_context(provider(command))
    oidc = {"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": REGISTERED[0], "OIDC_CLIENT_SECRET": REGISTERED[1]}
    return oidc | {"REDIS_URL": f"redis://127.0.0.1:{redis.port}"}


def main():
    options = OPTIONS.parse_args()
    total = 0
    for name, setting in SETTINGS.items():
        with ExitStack() as stack:
            folder = stack.enter_context(processes.temporary_folder("fuzz-"))
            more = environment(stack, folder) | setting
            application = stack.enter_context(Application(folder, options.full, more))
            fuzzer = Fuzzer(folder, application, options.seed)
            for client in clients(application):
                cases = fuzzer.run(client, *extent(client, name, options.cases))
                print(f"{name}, as {client.name}: {cases} cases without a finding", flush=True)
                total += cases
            assert application.is_running(), "the server has ended"
    print(f"{total} cases with the seed {options.seed}, without a finding")
    assert total >= options.cases, "too few cases"


if __name__ == "__main__":
    main()
