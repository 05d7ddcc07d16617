"""Logs in on the page of the example `full` that shows its OpenAPI document, in a headless Chromium, and asks a route.

    python3 tests/browser/docs.py --example target/debug/full [--screenshots FOLDER]
"""

import argparse
import json
import os
import pathlib
import tempfile
import urllib.request
from contextlib import ExitStack

from driver import Browser, Process

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--example", required=True, type=pathlib.Path)
OPTIONS.add_argument("--screenshots", type=pathlib.Path)
EMAIL, PASSWORD = "jo@example.com", "correct horse"
# The first backend of the dialog that asks for a password.
FORM = ".auth-container:has(#oauth_username)"
ROUTE = "#operations-users-users_current_user_users_me_get"


def register(app):
    body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{app}/auth/register", body, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        assert answer.status == 201


def ask(browser, status):
    """Asks for the current user, and waits for an answer with this status."""
    if not browser.run(f"return !!document.querySelector('{ROUTE} .btn.execute')"):
        browser.click(f"{ROUTE} .opblock-summary-control")
        browser.click(f"{ROUTE} .try-out__btn")
    browser.click(f"{ROUTE} .btn.execute")
    told = f"return document.querySelector('{ROUTE} .live-responses-table tr.response .response-col_status')?.innerText ?? ''"
    browser.until(lambda: browser.run(told).strip().startswith(status), f"an answer with {status}")


def is_shown(browser, app):
    browser.go(f"{app}/docs")
    browser.find(ROUTE)
    assert browser.url().endswith("/docs/"), browser.url()
    elsewhere = "return performance.getEntriesByType('resource').map(one => one.name).filter(name => !name.startsWith(location.origin))"
    assert [url for url in browser.run(elsewhere) if not url.startswith("data:")] == []
    ask(browser, "401")


def logs_in(browser, app):
    browser.click(".scheme-container .btn.authorize")
    browser.write(f"{FORM} #oauth_username", EMAIL)
    browser.write(f"{FORM} #oauth_password", PASSWORD)
    # The dialog is longer than the window, and scrolls by itself.
    browser.run(f"document.querySelector('{FORM} .btn.authorize').click()")
    browser.find(".auth-container h6")
    assert "Authorized" in browser.text(), browser.text()
    browser.run("document.querySelector('.btn-done').click()")
    ask(browser, "200")
    assert EMAIL in browser.run(f"return document.querySelector('{ROUTE} .live-responses-table').innerText")


def main():
    options = OPTIONS.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OIDC_")} | {"BIND": "127.0.0.1:0"}
        example = Process([str(options.example.resolve())], r"Serving on (\S+)", cwd=folder, env=environment)
        app = stack.enter_context(example)
        register(app)
        port = stack.enter_context(Process(["chromedriver", "--port=0"], r"started successfully on port (\d+)"))
        browser = stack.enter_context(Browser(port))
        for step in [is_shown, logs_in]:
            step(browser, app)
            print(f"{step.__name__}: ok", flush=True)
            if options.screenshots:
                browser.screenshot(options.screenshots / f"{step.__name__}.png")


if __name__ == "__main__":
    main()
