"""A browser's way to the OpenID provider of `tests/oidc`, where any name will do, and back."""

from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

# More redirects than any flow has.
LONGEST_WAY = 10


def there_and_back(prefix: str, headers: dict[str, str], name: str) -> tuple[dict, dict] | None:
    """The query that the browser comes back with, and the cookie that it got before; nothing where it is not sent to the provider."""
    answer = browser().get(f"{prefix}/authorize", headers=headers, allow_redirects=False)
    if answer.status_code != 200:
        return None
    page = answer.json()["authorization_url"]
    cookie, _, value = answer.headers["Set-Cookie"].partition(";")[0].partition("=")
    return at_provider(page, name), {cookie: value}


def at_provider(page: str, name: str) -> dict:
    """Tells the provider the name."""
    back = dict(parse_qsl(urlsplit(page).query))["redirect_uri"]
    session = browser()
    answer = session.get(page, allow_redirects=False)
    for _ in range(LONGEST_WAY):
        if "Location" not in answer.headers:
            answer = session.post(answer.url, data={"login": name}, allow_redirects=False)
            continue
        url = urljoin(answer.url, answer.headers["Location"])
        if url.startswith(back):
            return dict(parse_qsl(urlsplit(url).query))
        answer = session.get(url, allow_redirects=False)
    raise AssertionError(f"the provider sends browsers round in circles: {answer.status_code} {answer.text}")


def browser() -> requests.Session:
    """A new one, which asks no proxy."""
    session = requests.Session()
    session.trust_env = False
    return session
