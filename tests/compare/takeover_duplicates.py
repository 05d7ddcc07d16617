"""A database whose addresses differ only in case, as races have left it: ours does not start, and says why."""

import servers
from deployment import Deployment, Person, check_password, check_sessions, open_sessions, register


def run(t, place: Deployment) -> None:
    """Two users become namesakes behind the original's back, as a race of two registrations leaves them."""
    one, two, other = (Person(f"{name}@example.com", f"{name} was here") for name in ("jo", "second", "other"))
    with place.original() as side:
        for person in (one, two, other):
            t.ensure(f"{person.email} has registered", register(side, person).status == 201)
            open_sessions(side, person)
    place.database.change_user(two.email, email="JO@example.com")
    layout = place.database.layout()
    with place.only(t, "a start that is refused"):
        said = refusal(place)
    t.ensure("ours does not start", said is not None, said)
    sentence = "1 e-mail addresses belong to more than one user when case is ignored"
    lines = [line for line in (said or "").splitlines() if sentence in line]
    t.ensure("it says why in one sentence", len(lines) == 1, said)
    t.ensure("it names both users", all(person.shown["id"] in lines[0] for person in (one, two)), lines)
    t.ensure("it names nobody else", other.shown["id"] not in said and "example.com" not in said.lower(), said)
    t.ensure("it does not panic", "panicked" not in said, said)
    t.ensure("no table is changed", place.database.layout() == layout)
    with place.only(t, "the original goes on", added={"accesstoken": 1}), place.original() as side:
        check_sessions(t, side, one)
        open_sessions(side, other)
    place.database.change_user("JO@example.com", email=two.email)
    with place.only(t, "a start when they are apart"), place.ours() as side:
        for person in (one, two, other):
            check_sessions(t, side, person)
            check_password(t, side, person)


def refusal(place: Deployment) -> str | None:
    """What ours says when it does not start."""
    try:
        with place.ours():
            return None
    except servers.StartError as error:
        return str(error)
