"""Registers and logs in on the page of the example `full` that shows its OpenAPI document, in a headless Chromium, and asks who is there.

    python3 tests/browser/docs.py --example target/debug/full [--screenshots FOLDER]
"""

import argparse
import json
import pathlib
from contextlib import ExitStack

from driver import Browser, chromedriver, example, processes

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--example", required=True, type=pathlib.Path)
OPTIONS.add_argument("--screenshots", type=pathlib.Path)
EMAIL, PASSWORD = "jo@example.com", "correct horse"
# The first backend of the dialog that asks for a password.
FORM = ".auth-container:has(#oauth_username)"
REGISTER = "#operations-auth-register_register_auth_register_post"
ME = "#operations-users-users_current_user_users_me_get"


def try_out(browser, route):
    """Opens a route and its form."""
    browser.click(f"{route} .opblock-summary-control")
    browser.click(f"{route} .try-out__btn")


def execute(browser, route, status):
    """Sends the form, and waits for an answer with this status; its body, as the page shows it."""
    browser.run(f"document.querySelector('{route} .btn-clear')?.click()")
    browser.click(f"{route} .btn.execute")
    answer = f"document.querySelector('{route} .live-responses-table tr.response')"
    told = f"return {answer}?.querySelector('.response-col_status')?.innerText ?? ''"
    browser.until(lambda: browser.run(told).strip().startswith(status), f"an answer with {status}")
    browser.run(f"document.querySelector('{route} .btn.execute').scrollIntoView()")
    body = f"return {answer}.querySelector('.response-col_description .highlight-code code').innerText"
    return json.loads(browser.until(lambda: browser.run(body), "the answer's body"))


def is_shown(browser, app):
    browser.go(f"{app}/docs")
    browser.find(ME)
    assert browser.url().endswith("/docs/"), browser.url()
    elsewhere = "return performance.getEntriesByType('resource').map(one => one.name).filter(name => !name.startsWith(location.origin))"
    assert [url for url in browser.run(elsewhere) if not url.startswith("data:")] == []
    try_out(browser, ME)
    assert execute(browser, ME, "401") == {"detail": "Unauthorized"}


def registers(browser, app):
    try_out(browser, REGISTER)
    body = json.dumps({"email": EMAIL, "password": PASSWORD, "first_name": "Jo"})
    browser.write(f"{REGISTER} textarea.body-param__text", body)
    made = execute(browser, REGISTER, "201")
    assert (made["email"], made["first_name"], made["is_active"]) == (EMAIL, "Jo", True), made
    assert execute(browser, REGISTER, "400") == {"detail": "REGISTER_USER_ALREADY_EXISTS"}


def logs_in(browser, app):
    browser.run("scrollTo(0, 0)")
    browser.click(".scheme-container .btn.authorize")
    browser.write(f"{FORM} #oauth_username", EMAIL)
    browser.write(f"{FORM} #oauth_password", PASSWORD)
    # The dialog is longer than the window, and scrolls by itself.
    browser.run(f"document.querySelector('{FORM} .btn.authorize').click()")
    browser.find(".auth-container h6")
    assert "Authorized" in browser.text(), browser.text()
    browser.run("document.querySelector('.btn-done').click()")


def sees_who_is_there(browser, app):
    shown = execute(browser, ME, "200")
    assert (shown["email"], shown["first_name"]) == (EMAIL, "Jo"), shown


def main():
    options = OPTIONS.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(processes.temporary_folder("docs-"))
        app = stack.enter_context(example(options.example, folder))
        port = stack.enter_context(chromedriver(folder))
        browser = stack.enter_context(Browser(port, folder))
        for step in [is_shown, registers, logs_in, sees_who_is_there]:
            step(browser, app)
            print(f"{step.__name__}: ok", flush=True)
            if options.screenshots:
                browser.screenshot(options.screenshots / f"{step.__name__}.png")


if __name__ == "__main__":
    main()
