"""The document: ours is valid, and has the original's operations under its ids, with its statuses and schemas, but for what is meant."""

import json

from openapi_spec_validator import validate

# What ours says on purpose, and the original does not: what every body may answer, …
BODY = {"400", "413"}
# … the guards' refusals, users who are gone, and the pages of providers.
MORE = {"401", "403", "404", "502"}
# What the original says and never answers: a default status, and the judgement of parameters that cannot be wrong.
NEVER = {"200", "422"}
METHODS = {"get", "post", "patch", "delete"}


def run(t) -> None:
    theirs, ours = (json.loads(answer.body) for answer in t.send("GET", "/openapi.json").responses)
    t.ensure("the original's document is valid", is_valid(theirs))
    t.ensure("our document is valid", is_valid(ours))
    t.ensure("version", ours["openapi"].startswith("3.1"))
    left, right = operations(theirs), operations(ours)
    t.ensure("operations", set(left) == set(right), f"{sorted(set(left) ^ set(right))}")
    for place in sorted(set(left) & set(right)):
        compare(t, place, left[place], right[place])
    schemas(t, theirs["components"]["schemas"], ours["components"]["schemas"])


def is_valid(document) -> bool:
    validate(document)
    return True


def operations(document) -> dict:
    """Every operation by method and path."""
    return {(method, path): item[method] for path, item in document["paths"].items() for method in METHODS & set(item)}


def compare(t, place, left, right) -> None:
    name = f"{place[0].upper()} {place[1]}"
    t.ensure(f"operation id of {name}", left["operationId"] == right["operationId"], right["operationId"])
    t.ensure(f"security of {name}", ("security" in left) == ("security" in right))
    mine = [f"{one['in']} {one['name']}" for one in left.get("parameters", ())]
    yours = [f"{one['in']} {one['name']}" for one in right.get("parameters", ())]
    t.ensure(f"parameters of {name}", mine == yours, f"{mine} {yours}")
    mine, yours = set(left["responses"]), set(right["responses"])
    t.ensure(f"statuses of {name}", mine - yours <= NEVER, f"{mine - yours} are missing")
    may = set(MORE)
    may |= BODY if "requestBody" in right else set()
    may |= {"204"} if place[1].endswith(("logout", "callback")) else set()
    # A request whose `Host` is none, where the provider must be told the way back.
    may |= {"400"} if place[1].endswith("authorize") else set()
    t.ensure(f"further statuses of {name}", yours - mine <= may, f"{yours - mine - may} are new")
    for status in mine & yours:
        examples(t, f"{status} of {name}", left["responses"][status], right["responses"][status])
    bodies = [references(one["requestBody"]) for one in (left, right) if "requestBody" in one]
    t.ensure(f"body of {name}", len(bodies) in (0, 2) and bodies[:1] == bodies[1:], f"{bodies}")


def references(body) -> dict:
    """The name of the schema by content type."""
    return {kind: content["schema"].get("$ref") for kind, content in body["content"].items()}


def examples(t, name, left, right) -> None:
    """The original's examples are among ours, but for a name that it has and a code that it never answers."""
    mine, yours = (one.get("content", {}).get("application/json", {}).get("examples", {}) for one in (left, right))
    told = {key: value.get("value") for key, value in mine.items()}
    missing = [key for key in told if key not in yours and key not in ("INVALID_STATE_TOKEN", "LOGIN_USER_NOT_VERIFIED")]
    t.ensure(f"examples of {name}", not missing, f"{missing}")
    for key in set(told) & set(yours):
        detail, ours = told[key]["detail"], yours[key]["value"]["detail"]
        same = ours["code"] == detail["code"] if isinstance(detail, dict) else ours == detail
        t.ensure(f"example {key} of {name}", same)


def schemas(t, left, right) -> None:
    """The schemas by their names and fields, also those of bodies: clients import them."""
    t.ensure("schemas", set(left) <= set(right), f"{set(left) - set(right)}")
    for name in left:
        t.ensure(f"fields of {name}", set(left[name]["properties"]) == set(right[name]["properties"]))
        # What is always there is required of what is shown.
        mine, yours = set(left[name].get("required", ())), set(right[name].get("required", ()))
        t.ensure(f"required fields of {name}", mine == yours or name == "UserRead" and mine < yours)
        # Both take and show international addresses, and ours says so.
        formats = [format_of(one[name]["properties"].get("email", {})) for one in (left, right)]
        t.ensure(f"format of addresses in {name}", formats in ([None, None], ["email", "idn-email"]), f"{formats}")


def format_of(schema) -> str | None:
    """The format, also of what may be null."""
    return next((one["format"] for one in (schema, *schema.get("anyOf", ())) if "format" in one), None)
