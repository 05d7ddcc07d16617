"""Front ends on other origins and other sites use a server with cookies and tokens, in a headless Chromium.

    python3 tests/browser/another_origin.py --example target/debug/another_origin

The server's layer is that of the guide. Its hosts and those of the front ends are names that only this browser finds.
"""

import argparse
import json
import pathlib
import re
from contextlib import ExitStack

import sites
from driver import Browser, Process, chromedriver, is_served, processes

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--example", required=True, type=pathlib.Path)
API = "https://api.example.com"
# CORS allows all but the last one. The server trusts the second and the third; the first two are of its own site.
FRONT, APP, FOREIGN = "https://front.example.com", "https://app.example.com", "https://front.example.net"
PARTNER, STRANGER = "https://partner.example.org", "https://stranger.example.net"
JO, AL, PASSWORD = "jo@example.com", "al@example.com", "correct horse battery"
REFUSED = (403, {"detail": "CROSS_SITE_REQUEST"})
# Whether a browser blocks third-party cookies: some do by default.
KEEPS_THIRD_PARTY_COOKIES, BLOCKS_THIRD_PARTY_COOKIES = ({"profile.cookie_controls_mode": mode} for mode in (0, 1))
# What a script learns of an answer that CORS keeps from it.
UNREADABLE = (None, "TypeError")
COOKIE, KNOWN = "fastapiusersauth", "fastapiusers_browser"


class Page(Browser):
    """A browser at a front end, whose scripts ask the server."""

    def fetch(self, method, path, body=None, **options):
        """The status and the body of an answer, or the error of a request that fails; with cookies unless another option is given."""
        options = {"method": method, "credentials": "include"} | options
        text = "undefined"
        if isinstance(body, dict):
            text = f"new URLSearchParams({json.dumps(body)})"
        elif body is not None:
            text = json.dumps(body)
        status, read, self.headers = self.run(f"""
            return fetch('{API}{path}', {{ ...{json.dumps(options)}, body: {text} }}).then(async answer => {{
                const text = await answer.text();
                return [answer.status, text && JSON.parse(text), Object.fromEntries(answer.headers)];
            }}, error => [null, error.name, {{}}]);
        """)
        return status, read

    def send(self, method, path, value, **options):
        """The same with a body of JSON."""
        return self.fetch(method, path, json.dumps(value), headers={"Content-Type": "application/json"}, **options)

    def login(self, backend, user=JO, password=PASSWORD, **options):
        return self.fetch("POST", f"/auth/{backend}/login", {"username": user, "password": password}, **options)

    def logout(self, backend):
        return self.fetch("POST", f"/auth/{backend}/logout")

    def me(self, **options):
        """The status of `/users/me`."""
        return self.fetch("GET", "/users/me", **options)[0]

    def cookies(self):
        """What the browser keeps, by name."""
        kept = self.call("POST", "/goog/cdp/execute", {"cmd": "Network.getAllCookies", "params": {}})["cookies"]
        return {cookie["name"]: cookie for cookie in kept}


def uses_a_cookie_on_the_same_site(page):
    page.go(FRONT)
    status, made = page.send("POST", "/auth/register", {"email": JO, "password": PASSWORD})
    assert (status, made["email"]) == (201, JO), made
    # Without `credentials`, the login is 204 and the browser keeps nothing.
    assert page.login("web", credentials="same-origin")[0] == 204 and page.cookies() == {} and page.me() == 401
    assert page.login("web")[0] == 204
    cookies = page.cookies()
    assert {name: (cookie["sameSite"], cookie["path"]) for name, cookie in cookies.items()} == {
        COOKIE: ("Lax", "/"), f"{COOKIE}_refresh": ("Strict", "/auth/web"), KNOWN: ("Lax", "/"),
    }, cookies  # fmt: skip
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies.values()), cookies
    assert page.run("return document.cookie") == ""
    page.go(FRONT)
    assert (page.me(), page.me(credentials="same-origin")) == (200, 401)
    assert page.send("PATCH", "/users/me", {"email": JO})[0] == 200


def refreshes_and_logs_out(page):
    before = page.cookies()
    assert page.fetch("POST", "/auth/web/refresh")[0] == 204
    after = page.cookies()
    assert before.keys() == after.keys()
    assert before[f"{COOKIE}_refresh"]["value"] != after[f"{COOKIE}_refresh"]["value"], "no rotation"
    status, sessions = page.fetch("GET", "/users/me/sessions")
    # The first one is that of the login whose cookie the browser did not keep.
    assert (status, [one["is_current"] for one in sessions]) == (200, [True, False]), sessions
    assert page.me() == 200
    assert page.logout("web")[0] == 204
    assert page.cookies().keys() == {KNOWN} and page.me() == 401
    assert page.fetch("POST", "/auth/web/refresh") == (400, {"detail": "REFRESH_BAD_TOKEN"})


def uses_two_cookie_backends(page):
    assert (page.login("web")[0], page.login("third")[0]) == (204, 204)
    assert {COOKIE, "third"} < page.cookies().keys()
    backends = [one["backend"] for one in page.fetch("GET", "/users/me/sessions")[1]]
    assert backends[:2] == ["third", "web"], backends
    assert page.logout("web")[0] == 204
    assert page.me() == 200 and COOKIE not in page.cookies(), "the other backend's cookie is still valid"
    assert page.logout("third")[0] == 204
    assert page.me() == 401 and page.cookies().keys() == {KNOWN}


def needs_trust_for_a_host_cookie(page):
    """The site's other hosts cannot use a `__Host-` cookie to change something, unless they are trusted."""
    assert page.login("host") == REFUSED
    page.go(APP)
    assert page.login("host")[0] == 204
    assert page.me() == 200 and page.send("PATCH", "/users/me", {"email": JO})[0] == 200
    assert "__Host-host" in page.cookies()
    page.go(FRONT)
    assert page.me() == 200 and page.send("PATCH", "/users/me", {"email": JO}) == REFUSED
    assert page.logout("host") == REFUSED and page.me() == 200
    page.go(APP)
    assert page.logout("host")[0] == 204 and page.me() == 401


def uses_a_cookie_on_another_site(page):
    page.go(FOREIGN)
    # The browser drops every cookie that is not `SameSite=None`.
    assert page.login("web")[0] == 204 and page.me() == 401
    assert page.login("third")[0] == 204
    assert page.cookies()["third"]["sameSite"] == "None" and page.cookies()["third"]["secure"]
    page.go(FOREIGN)
    assert page.me() == 200 and page.send("PATCH", "/users/me", {"email": JO})[0] == 200
    assert page.logout("third")[0] == 204 and page.me() == 401 and "third" not in page.cookies()
    # The refresh cookie is `SameSite=Strict`: it is not kept, so a refresh fails and clears the access cookie, too.
    assert page.login("third_refreshed")[0] == 204 and page.me() == 200
    assert "third_refreshed_refresh" not in page.cookies()
    assert page.fetch("POST", "/auth/third_refreshed/refresh") == (400, {"detail": "REFRESH_BAD_TOKEN"})
    assert page.me() == 401 and page.cookies().keys() == {KNOWN}


def refuses_a_site_that_is_not_trusted(page):
    """CORS allows it, so it reads what a cookie shows; it changes nothing."""
    page.go(FOREIGN)
    assert page.login("third")[0] == 204
    page.go(PARTNER)
    assert page.me() == 200
    assert page.send("PATCH", "/users/me", {"email": "other@example.com"}) == REFUSED
    assert (page.login("third"), page.logout("third")) == (REFUSED, REFUSED)
    assert page.me() == 200, "the cookie is still there"


def uses_tokens_in_bodies(page):
    """For which an origin need not be trusted."""
    status, tokens = page.login("api", credentials="omit")
    assert status == 200, tokens
    assert page.me(credentials="omit", headers={"Authorization": f"Bearer {tokens['access_token']}"}) == 200
    status, next_tokens = page.send("POST", "/auth/api/refresh", {"refresh_token": tokens["refresh_token"]}, credentials="omit")
    assert status == 200 and next_tokens["refresh_token"] != tokens["refresh_token"], next_tokens
    bearer = {"credentials": "omit", "headers": {"Authorization": f"Bearer {next_tokens['access_token']}"}}
    assert page.fetch("POST", "/auth/api/logout", **bearer)[0] == 204
    assert page.me(**bearer) == 401


def refuses_what_cors_does_not_list(page):
    # The browser keeps these from the server, as the preflight forbids them.
    assert page.fetch("PUT", "/users/me") == UNREADABLE
    assert page.fetch("GET", "/users/me", headers={"X-Own": "1"}) == UNREADABLE
    page.go(STRANGER)
    assert page.fetch("GET", "/users/me") == UNREADABLE
    assert page.send("PATCH", "/users/me", {"email": "other@example.com"}) == UNREADABLE
    # These need no preflight and arrive; the check refuses them.
    assert page.logout("third") == UNREADABLE and page.login("third") == UNREADABLE
    page.go(FOREIGN)
    assert page.me() == 200, "the cookie is still there"
    assert page.logout("third")[0] == 204


def reads_only_headers_that_are_exposed(page):
    page.go(FRONT)
    assert page.send("POST", "/auth/register", {"email": AL, "password": PASSWORD})[0] == 201
    # The browser is known by its cookie, which is kept and sent by logins with `credentials` only.
    assert page.login("api", AL)[0] == 200
    for _ in range(3):
        assert page.login("api", AL, "a wrong password", credentials="omit")[0] == 400
    limited = (429, {"detail": "TOO_MANY_ATTEMPTS"})
    assert page.login("api", AL, credentials="omit") == limited
    assert int(page.headers["retry-after"]) > 0 and "date" not in page.headers, page.headers
    assert page.login("../unexposed/auth/api", AL, credentials="omit") == limited
    assert "retry-after" not in page.headers, page.headers
    assert page.login("api", AL)[0] == 200, "a known browser is locked out"
    page.go(FOREIGN)
    assert page.login("api", AL) == limited, "a cookie that is not sent to other sites"


def needs_tokens_where_third_party_cookies_are_blocked(page):
    page.go(FRONT)
    assert page.login("web")[0] == 204 and page.me() == 200 and page.logout("web")[0] == 204, "the same site"
    page.go(FOREIGN)
    assert page.login("third")[0] == 204 and page.me() == 401 and page.cookies().keys() == {KNOWN}
    uses_tokens_in_bodies(page)


def is_the_layer_of_the_guide():
    page = (ROOT / "users-runtime/src/docs/cookbook-fitting-in.md").read_text()
    layer = re.search(r"let cors = CorsLayer::new\(\)\n(.*?);\n", page, re.S)[1]
    source = (ROOT / "tests/src/bin/another_origin.rs").read_text()
    for line in layer.split("\n"):
        called, given = re.fullmatch(r"\s*\.(\w+)\((.*)\)", line).groups()
        if called == "allow_origin":
            given = given.strip("[]")
        assert f"{given}" in source and f".{called}(" in source, line


STEPS = [
    uses_a_cookie_on_the_same_site, refreshes_and_logs_out, uses_two_cookie_backends, needs_trust_for_a_host_cookie,
    uses_a_cookie_on_another_site, refuses_a_site_that_is_not_trusted, uses_tokens_in_bodies, refuses_what_cors_does_not_list,
    reads_only_headers_that_are_exposed,
]  # fmt: skip
# The second browser comes after the first one has registered the user.
STEPS_WITHOUT = [needs_tokens_where_third_party_cookies_are_blocked]


def main():
    options = OPTIONS.parse_args()
    is_the_layer_of_the_guide()
    with ExitStack() as stack:
        folder = stack.enter_context(processes.temporary_folder("origins-"))
        server = stack.enter_context(Process([str(options.example.resolve())], r"Serving on (\S+)", is_served))
        fronts, proxy = stack.enter_context(sites.start(server)).split()
        port = stack.enter_context(chromedriver(folder))
        hosts = f"MAP api.example.com 127.0.0.1:{proxy}, MAP * 127.0.0.1:{fronts}"
        arguments = [f"--host-resolver-rules={hosts}", "--ignore-certificate-errors"]
        for steps, preferences in [(STEPS, KEEPS_THIRD_PARTY_COOKIES), (STEPS_WITHOUT, BLOCKS_THIRD_PARTY_COOKIES)]:
            page = stack.enter_context(Page(port, folder, *arguments, preferences=preferences))
            for step in steps:
                step(page)
                print(f"{step.__name__}: ok", flush=True)


if __name__ == "__main__":
    main()
