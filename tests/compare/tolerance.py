"""What may differ in the entries of a 422, and nothing else: secrets that are left out, and texts of foreign libraries.

The rules are narrow on purpose. A secret that ours still shows remains a difference, and so does every other word of a message.
"""

import re

# What the library's fields with secrets are called: a 422 of ours never repeats them.
SECRETS = {"password", "token", "client_secret", "hashed_password"}
# The end of some reasons is quoted from the original's IDNA library.
FOREIGN = re.compile(r"(is invalid|is not valid IDNA|contains invalid characters) \(.*\)\.$", re.S)
# Characters that cannot be shown go by their names in Unicode; a number says the same.
LISTED = re.compile(r"(.*characters(?: before the @-sign| when not quoted| after Unicode normalization)?: )(.*)\.$", re.S)
UNNAMED = re.compile(r"U\+[0-9A-F]{4,8}|(?!SPACE$)[A-Z][A-Z0-9 -]{3,}")


def tolerated(original: dict, ours: dict) -> tuple[dict, dict]:
    """Both answers as they are to be compared: entries of a 422 without what ours may leave out."""
    expected, given = errors(original), errors(ours)
    if expected is None or given is None or len(expected) != len(given):
        return original, ours
    pairs = [hide(reworded(left), reworded(right)) for left, right in zip(expected, given)]
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return original | {"body": {"detail": left}}, ours | {"body": {"detail": right}}


def errors(answer: dict):
    """The entries of a 422."""
    body = answer.get("body")
    detail = body.get("detail") if answer["status"] == 422 and isinstance(body, dict) else None
    return detail if isinstance(detail, list) and all(isinstance(item, dict) for item in detail) else None


def hide(expected: dict, given: dict) -> tuple[dict, dict]:
    """One pair of entries. Where the original shows a secret, ours shows no input, or the input without the secret."""
    if "input" not in expected or "loc" not in expected:
        return expected, given
    shown = expected["input"]
    if expected["loc"][-1] in SECRETS or (expected["loc"] == ["body"] and isinstance(shown, str)):
        scrubbed = None
    elif holds_secret(shown):
        scrubbed = without_secrets(shown)
    else:
        return expected, given
    if "input" in given and (scrubbed is None or given["input"] != scrubbed):
        return expected | {"input": "<no secret>"}, given
    return tuple({key: value for key, value in entry.items() if key != "input"} for entry in (expected, given))


def holds_secret(value) -> bool:
    """Whether a field with a secret's name is somewhere inside."""
    if isinstance(value, dict):
        return any(name in SECRETS or holds_secret(item) for name, item in value.items())
    return isinstance(value, list) and any(holds_secret(item) for item in value)


def without_secrets(value):
    """The same without the fields that have a secret's name."""
    if isinstance(value, dict):
        return {name: without_secrets(item) for name, item in value.items() if name not in SECRETS}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def reworded(entry: dict) -> dict:
    """An entry about an e-mail address, without the words that come from elsewhere."""
    reason = (entry.get("ctx") or {}).get("reason") if isinstance(entry.get("ctx"), dict) else None
    if entry.get("type") != "value_error" or not isinstance(reason, str):
        return entry
    told = FOREIGN.sub(r"\1 (...).", reason)
    if found := LISTED.fullmatch(told):
        listed = sorted("character" if UNNAMED.fullmatch(item) else item for item in found[2].split(", "))
        told = f"{found[1]}{', '.join(listed)}."
    return entry | {"msg": str(entry.get("msg")).replace(reason, told), "ctx": entry["ctx"] | {"reason": told}}
