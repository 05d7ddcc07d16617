"""Clicks through the example `oauth` in a headless Chromium: there and back, out, again, with a linked account, and in vain.

    python3 tests/browser/oauth.py --example target/debug/oauth [--screenshots FOLDER]
"""

import argparse
import pathlib
from contextlib import ExitStack

from driver import Browser, chromedriver, example, processes, provider

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--example", required=True, type=pathlib.Path)
OPTIONS.add_argument("--screenshots", type=pathlib.Path)


def status_of_me(browser):
    return browser.run("return fetch('/users/me').then(answer => answer.status)")


def logs_in(browser, app):
    browser.go(app)
    browser.click("#login-oidc")
    browser.write("[name=login]", "jo")
    browser.click("form button")
    browser.find("#logout")
    assert browser.url() == app, browser.url()
    assert browser.text().count("jo@example.com") == 2, browser.text()
    assert status_of_me(browser) == 200
    assert "fastapiusersauth" not in browser.run("return document.cookie"), "scripts can read the session's cookie"


def stays_and_leaves(browser, app):
    browser.go(app)
    browser.click("#logout")
    browser.find("#login-oidc")
    assert status_of_me(browser) == 401
    # The provider knows the browser still, and does not ask again.
    browser.click("#login-oidc")
    browser.find("#logout")
    browser.forget()
    browser.go(app)
    browser.find("#login-oidc")


def links(browser, app):
    """A user with a password links an account, and logs in with it."""
    browser.forget()
    browser.go(app)
    browser.run("""
        const [email, password] = ['al@work.example', 'correct horse'];
        const [headers, body] = [{ 'Content-Type': 'application/json' }, JSON.stringify({ email, password })];
        return fetch('/auth/register', { method: 'POST', headers, body })
            .then(() => fetch('/auth/cookie/login', { method: 'POST', body: new URLSearchParams({ username: email, password }) }));
    """)
    browser.go(app)
    browser.click("#link-oidc")
    browser.write("[name=login]", "al")
    browser.click("form button")
    browser.find("li")
    browser.click("#logout")
    browser.click("#login-oidc")
    browser.find("li")
    assert "al@work.example" in browser.text() and "al@example.com" in browser.text(), browser.text()


def is_told_what_is_wrong(browser, app):
    browser.forget()
    browser.go(app)
    browser.click("#login-oidc")
    browser.write("[name=login]", "jo:nomail")
    browser.click("form button")
    browser.find("[role=alert]")
    assert "does not tell your e-mail address" in browser.text(), browser.text()
    assert browser.url() == app and status_of_me(browser) == 401


def cancels(browser, app):
    browser.forget()
    browser.go(app)
    browser.click("#login-oidc")
    browser.click("form button.no")
    browser.find("[role=alert]")
    assert "You have cancelled the login" in browser.text(), browser.text()
    assert browser.url() == app and status_of_me(browser) == 401


def main():
    options = OPTIONS.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(processes.temporary_folder("oauth-"))
        issuer = stack.enter_context(provider([str(ROOT / "examples/oauth/provider.sh"), "0"]))
        app = stack.enter_context(example(options.example, folder, OIDC_ISSUER=issuer))
        port = stack.enter_context(chromedriver(folder))
        browser = stack.enter_context(Browser(port, folder))
        for step in [logs_in, stays_and_leaves, links, is_told_what_is_wrong, cancels]:
            step(browser, app)
            print(f"{step.__name__}: ok", flush=True)
            if options.screenshots:
                browser.screenshot(options.screenshots / f"{step.__name__}.png")


if __name__ == "__main__":
    main()
