"""Takes the pictures of README.md: the account of the example `web`, and the OpenAPI page of the example `full`.

    python3 tests/browser/pictures.py --web target/debug/web --full target/debug/full [--into guide/pictures]
"""

import argparse
import pathlib
from contextlib import ExitStack

import docs
import web
from driver import chromedriver, example, processes

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--web", required=True, type=pathlib.Path)
OPTIONS.add_argument("--full", required=True, type=pathlib.Path)
OPTIONS.add_argument("--into", type=pathlib.Path, default=pathlib.Path("guide/pictures"))


def resize(browser, width, height):
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": size})


def account(page, into):
    """The page of an account with two sessions; the mails are beside it."""
    web.registers(page, None)
    page.click(f"{web.NEW_MAIL} a")
    page.reads("Your e-mail address is confirmed.")
    page.logs_in(web.PASSWORD)
    page.reads("Hello, Jo Doe")
    page.until(lambda: page.run("return document.getElementById('status').textContent") == "", "silence")
    resize(page, 1280, 1000)
    page.screenshot(into / "account.png")


def document(browser, app, into):
    browser.go(f"{app}/docs")
    browser.find(docs.ME)
    resize(browser, 1280, 1000)
    browser.screenshot(into / "docs.png")


def main():
    options = OPTIONS.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(processes.temporary_folder("pictures-"))
        port = stack.enter_context(chromedriver(folder))
        of_web, of_full = web.subfolder(folder, "web"), web.subfolder(folder, "full")
        app = stack.enter_context(example(options.web, of_web))
        account(stack.enter_context(web.Page(port, folder, app)), options.into)
        app = stack.enter_context(example(options.full, of_full))
        document(stack.enter_context(docs.Browser(port, folder)), app, options.into)


if __name__ == "__main__":
    main()
