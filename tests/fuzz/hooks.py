"""What the fuzzer knows of the application: which data come far, and which findings are none."""

import json
import os
import re
import secrets
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import schemathesis
from hypothesis import strategies
from schemathesis.openapi.checks import AllowHeaderMismatch, RejectedPositiveData, UnsupportedMethodResponse

sys.path.append(str(Path(__file__).resolve().parent))

import round_trip  # noqa: E402 - needs the path

# Whose requests these are, told by run.py.
CLIENT = json.loads(os.environ["FUZZ_CLIENT"])
# What the server prints: the tokens that it would mail.
PRINTED = Path(CLIENT["printed"])
SOMEBODY_ELSE = "00000000-0000-4000-8000-000000000000"

# Few, so that users are found and doubled.
NAMES, DOMAINS = ("king.arthur", "lancelot", "Galahad", "göran"), ("camelot.bt", "grail.example.com", "bücher.example.com")
EMAILS = [f"{name}@{domain}" for name in NAMES for domain in DOMAINS]
PASSWORDS = ["guinevere", "correct horse"]
TOKEN_OF = {"/auth/reset-password": "Reset token", "/auth/verify": "Verification token"}
# How long a token may take to be printed, in seconds.
PATIENCE = 180
UNREADABLE = {"UNREADABLE_BODY", "MALFORMED_FORM"}
# Who comes from the provider: with a proven address, with one, with none.
ACCOUNTS = ["patsy", "concorde", "tim:unverified", "zoot:nomail"]

schemathesis.openapi.format("idn-email", strategies.one_of(strategies.sampled_from(EMAILS), strategies.emails()))
schemathesis.openapi.format("password", strategies.one_of(strategies.sampled_from(PASSWORDS), strategies.text(min_size=1)))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """The fuzzer takes credentials away, and makes wrong ones, where they are a header of HTTP; a password grant ends in the same."""
    schemes = raw_schema["components"]["securitySchemes"]
    for name, scheme in schemes.items():
        if scheme["type"] == "oauth2":
            schemes[name] = {"type": "http", "scheme": "bearer"}


def is_positive(case) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


@schemathesis.hook
def before_call(context, case, kwargs):
    own_id = CLIENT["own_id"].replace("-", "")
    parameters = case.path_parameters or {}
    if case.method == "DELETE" and own_id and str(parameters.get("id")).replace("-", "").lower() == own_id:
        # The requests after this one need the user.
        case.path_parameters["id"] = SOMEBODY_ELSE
    is_own = case.path in ("/users/me", "/strict/users/me") or str(parameters.get("id")).replace("-", "").lower() == own_id
    if case.method == "PATCH" and own_id and is_own and isinstance(case.body, dict):
        # The requests after this one need the user's rights, and the token, which a new password ends outside of the preset.
        for name in ("password", "is_active", "is_superuser", "is_verified", "email"):
            case.body.pop(name, None)
    if not is_positive(case):
        return
    base = case.operation.schema.get_base_url().rstrip("/")
    if isinstance(case.body, dict):
        lead_further(base, case.path, case.body)
    if case.path.endswith("/callback"):
        lead_back(base, case)
    if case.method == "DELETE" and own_id and is_chosen(case.path_parameters):
        case.path_parameters["id"] = newcomer(base)


def chance(parts) -> int:
    """A number that the same request has again."""
    return zlib.crc32(repr(sorted((parts or {}).items())).encode())


def is_chosen(parts) -> bool:
    """Whether a request is led further: three of four, so that a few are enough to come through."""
    return chance(parts) % 4 > 0


def new_credentials() -> dict:
    """What nobody has registered with."""
    return {"email": f"{secrets.token_hex(8)}@fuzz.example.com", "password": PASSWORDS[0]}


def newcomer(base) -> str:
    """The id of a new user, whom nobody misses."""
    answer = round_trip.browser().post(f"{base}/auth/register", json=new_credentials())
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def lead_further(base, path, body):
    """Gives requests what is true: generated logins, addresses and tokens are nobody's."""
    leads = is_chosen(body)
    if leads and path == "/auth/reset-password":
        body |= {"token": fresh_reset_token(base), "password": PASSWORDS[0]}
    elif leads and path == "/auth/verify":
        body["token"] = fresh_verification_token(base)
    elif tokens := path in TOKEN_OF and printed_tokens(TOKEN_OF[path]):
        # The last one may be used up: then it is refused, as others are.
        body["token"] = tokens[-1]
    if not leads:
        return
    if path.endswith("/login"):
        body |= CLIENT["guest"]
    if path == "/auth/register" and chance(body) % 4 == 1:
        body |= new_credentials()
    if path in ("/auth/forgot-password", "/auth/request-verify-token"):
        body["email"] = CLIENT["forgetful"]


def printed_tokens(kind) -> list:
    """What the server has printed so far."""
    return re.findall(rf"{kind}: (\S+)", PRINTED.read_text(errors="replace"))


def fresh_reset_token(base) -> str:
    """One that is not used up."""
    return fresh_token(base, "/auth/forgot-password", TOKEN_OF["/auth/reset-password"], CLIENT["forgetful"])


def fresh_verification_token(base) -> str:
    """One of a newcomer: outside of the preset a reset proves the address of the forgetful user already."""
    new = new_credentials()
    answer = round_trip.browser().post(f"{base}/auth/register", json=new)
    assert answer.status_code == 201, answer.text
    return fresh_token(base, "/auth/request-verify-token", TOKEN_OF["/auth/verify"], new["email"])


def fresh_token(base, path, kind, email) -> str:
    """What the server prints for this address, after the answer."""
    before, end = len(printed_tokens(kind)), time.monotonic() + PATIENCE
    answer = round_trip.browser().post(base + path, json={"email": email})
    assert answer.status_code == 202, answer.text
    while time.monotonic() < end:
        if tokens := printed_tokens(kind)[before:]:
            return tokens[-1]
        time.sleep(0.01)
    raise AssertionError("no token was printed")


def lead_back(base, case):
    """Comes back from the provider with a code of its, a state and a cookie: nobody can make them up."""
    if not is_chosen(case.query):
        return
    # A user links the own account only: the others log in as other users.
    name = CLIENT["name"] if "/associate/" in case.path else ACCOUNTS[chance(case.query) // 4 % len(ACCOUNTS)]
    prefix = base + case.path.removesuffix("/callback")
    if way := round_trip.there_and_back(prefix, CLIENT["headers"], name):
        case.query, cookie = way
        case.cookies = (case.cookies or {}) | cookie


def documented_codes(case, status) -> set:
    """What the document says that refusals of readable bodies say."""
    operation = case.operation.schema.raw_schema["paths"][case.operation.path][case.operation.method]
    examples = operation["responses"][status]["content"]["application/json"]["examples"]
    details = [example["value"]["detail"] for name, example in examples.items() if name not in UNREADABLE]
    return {detail["code"] if isinstance(detail, dict) else detail for detail in details}


def is_told_by_code(failure, case, response) -> bool:
    """Users, passwords and tokens decide, not the schema; the document names each such refusal."""
    if response.status_code != 400:
        return False
    detail = response.json()["detail"]
    return (detail["code"] if isinstance(detail, dict) else detail) in documented_codes(case, "400")


def is_undeliverable(failure, case, response) -> bool:
    """As in the original, addresses are refused which the format `email` allows: reserved domains, quoted names, …."""
    mistakes = response.json()["detail"] if response.status_code == 422 else []
    return bool(mistakes) and all((one["type"], one["loc"]) == ("value_error", ["body", "email"]) for one in mistakes)


def is_first_of_path(failure, case, response) -> bool:
    """As in the original, the refusal of a method names those of the path's first route only: FastAPI makes one for each method."""
    return failure.allow_header == "GET" and not failure.undocumented_methods


def is_an_id(failure, case, response) -> bool:
    """As in the original, the route of `/users/{id}` for this method takes `me` for an id."""
    asked = response.request.method, response.status_code
    return case.operation.path.endswith("/users/me") and asked == ("DELETE", 404)


def is_providers(failure, case, response) -> bool:
    """As in the original, what the provider calls its error is what the answer says."""
    query = case.query or {}
    said = [query[name] for name in ("error", "error_code") if query.get(name) is not None]
    return case.path.endswith("/callback") and response.json().get("detail") in said


EXCEPTIONS = {
    RejectedPositiveData: [is_told_by_code, is_undeliverable, is_providers],
    AllowHeaderMismatch: [is_first_of_path],
    UnsupportedMethodResponse: [is_an_id],
}
excepted = Counter()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    for applies in EXCEPTIONS.get(type(failure), ()):
        if applies(failure, case, response):
            excepted[applies.__name__] += 1
            return False
    return True


@schemathesis.check
class operations_are_reached:
    """Fuzzing is worth little where every request is refused; and what the client must not reach is not."""

    def __init__(self):
        self.asked, self.reached, self.answers = set(), set(), Counter()

    def after_response(self, ctx, response, case):
        self.asked.add(case.operation.label)
        self.answers[response.status_code] += 1
        if 200 <= response.status_code < 300 and response.request.method == case.operation.method.upper():
            self.reached.add(case.operation.label)

    def after_run(self, ctx):
        print("answers:", dict(sorted(self.answers.items())))
        print("excepted:", dict(excepted))
        may_miss = self.asked if CLIENT["may_miss"] is None else set(CLIENT["may_miss"])
        missed = self.asked - self.reached - may_miss
        trespassed = self.reached & set(CLIENT["must_miss"])
        assert not missed, f"never answered 2xx: {sorted(missed)}"
        assert not trespassed, f"answered 2xx: {sorted(trespassed)}"
