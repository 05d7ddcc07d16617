"""Clicks through the example `web` in headless Chromiums, with mails on the page and with mails by SMTP.

    python3 tests/browser/web.py --example target/debug/web [--screenshots FOLDER]
"""

import argparse
import email
import email.policy
import json
import pathlib
import re
import urllib.parse
from contextlib import ExitStack

import smtp_sink
from driver import Browser, chromedriver, example, ports, processes

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--example", required=True, type=pathlib.Path)
OPTIONS.add_argument("--screenshots", type=pathlib.Path)
ADDRESS, PASSWORD, NEW_PASSWORD = "jo@example.com", "correct horse one", "battery staple two"
NEW_MAIL = "#outbox-mails details:first-child"


class Page(Browser):
    """A browser at the example."""

    def __init__(self, port, folder, app):
        super().__init__(port, folder)
        self.app = app

    def visit(self, view=""):
        """Loads the page anew, at a view."""
        self.go("about:blank")
        self.go(f"{self.app}/#/{view}")

    def reads(self, words):
        self.until(lambda: words in self.text(), f"`{words}`")

    def fills(self, form, **values):
        for name, value in values.items():
            self.write(f"{form} [name={name}]", value)
        self.click(f"{form} button:not([type=button])")

    def logs_in(self, password):
        self.visit("login")
        self.fills("form", username=ADDRESS, password=password)

    def mail(self, subject, to=ADDRESS):
        """The link of the newest mail in the outbox, as soon as it is one with this subject to this address."""
        head = f"{subject}to {to}, "
        self.until(lambda: self.run(f"return document.querySelector('{NEW_MAIL} summary').textContent").startswith(head), head)
        return self.run(f"return document.querySelector('{NEW_MAIL} a')?.href")

    def status_of_me(self):
        return self.run("return fetch('/users/me').then(answer => answer.status)")

    def finds_nothing_forbidden(self):
        """The console shows refused requests, but no script that the policy has stopped and no error of a script."""
        entries = self.console()
        assert all(entry["source"] == "network" for entry in entries), entries

    def console(self):
        """What the console has shown since it was asked last."""
        return self.call("POST", "/se/log", {"type": "browser"})


def registers(page, _):
    page.visit("register")
    page.fills("form", first_name="Jo", last_name="Doe", email=ADDRESS, password="short")
    assert page.run("return location.hash") == "#/register" and page.run("return fetch('/outbox').then(a => a.json())") == []
    page.fills("form", password=PASSWORD)
    page.reads(f"We have sent a mail to {ADDRESS}.")
    page.reads(f"to {ADDRESS}")
    page.click("#again")
    page.reads("The mail is on its way.")
    assert page.status_of_me() == 401
    page.logs_in(PASSWORD)
    page.reads("If your address is not confirmed yet, we have sent you another link.")
    assert page.run("return document.cookie") == "", "scripts can read the session's cookie"
    assert page.run("return localStorage.length + sessionStorage.length") == 0


def verifies(page, _):
    page.mail("Confirm your e-mail address")
    page.click(f"{NEW_MAIL} a")
    page.reads("Your e-mail address is confirmed.")
    assert page.url() == f"{page.app}/#/verify", "the token is still in the address"
    page.logs_in(PASSWORD)
    page.reads("Hello, Jo Doe")
    assert page.run("return document.cookie") == "", "scripts can read the session's cookie"
    age = lambda: next(cookie.get("expiry") for cookie in page.call("GET", "/cookie") if cookie["name"] == "fastapiusersauth")  # noqa: E731
    assert age(), "the session ends with the browser"
    page.click("#logout")
    page.reads("You are logged out.")
    page.visit("login")
    page.click("[name=remember_me]")
    page.fills("form", username=ADDRESS, password=PASSWORD)
    page.reads("Hello, Jo Doe")
    assert age() is None, "the session outlives the browser"


def registers_again(page, _):
    page.click("#logout")
    page.reads("You are logged out.")
    page.visit("register")
    page.fills("form", first_name="Al", last_name="Doe", email=ADDRESS, password=NEW_PASSWORD)
    page.reads(f"We have sent a mail to {ADDRESS}.")
    page.mail("You have an account already")
    page.logs_in(NEW_PASSWORD)
    page.reads("The e-mail address or the password is wrong.")
    page.logs_in(PASSWORD)
    page.reads("Hello, Jo Doe")


def logs_out_and_in(page, _):
    page.click("#logout")
    page.reads("You are logged out.")
    assert page.status_of_me() == 401
    page.logs_in("wrong password")
    page.reads("The e-mail address or the password is wrong.")
    assert page.run("return document.activeElement.name") == "password"
    page.logs_in(PASSWORD)
    page.reads("Hello, Jo Doe")


def changes_the_name(page, _):
    page.fills("#name-form", first_name="<b>Zoë</b>")
    page.reads("Hello, <b>Zoë</b> Doe")
    page.visit()
    page.reads("Hello, <b>Zoë</b> Doe")
    assert page.run("return document.querySelector('#name-form [name=first_name]').value") == "<b>Zoë</b>"


def changes_address_and_password(page, _):
    page.fills("#email-form", email="zoe@example.com", current_password="wrong password")
    page.reads("Your current password is another one.")
    page.fills("#email-form", email="no@one.test", current_password=PASSWORD)
    page.reads("No mail can be sent to this address.")
    for address in ["zoe@example.com", ADDRESS]:
        page.fills("#email-form", email=address, current_password=PASSWORD)
        page.reads(f"We have sent a mail to {address}.")
        assert page.status_of_me() == 403
        page.visit()
        page.reads("Please confirm your e-mail address with the link that we have sent to it.")
        page.mail("Confirm your e-mail address", address)
        page.click(f"{NEW_MAIL} a")
        page.reads("Your e-mail address is confirmed.")
        page.visit()
        page.until(lambda: page.run("return document.querySelector('#who-email').textContent") == address, address)
    page.fills("#password-form", current_password=NEW_PASSWORD, password=PASSWORD + " 2")
    page.reads("Your current password is another one.")
    page.fills("#password-form", current_password=PASSWORD, password=PASSWORD + " 2")
    page.reads("Your password is changed.")
    page.mail("Your password was changed")
    page.reads("Hello <b>Zoë</b>,")
    assert page.status_of_me() == 200


def resets_the_password(page, _):
    page.click("#logout")
    page.reads("You are logged out.")
    page.visit("forgot")
    page.fills("form", email="nobody@example.com")
    page.reads("If there is an account for nobody@example.com")
    page.visit("forgot")
    page.fills("form", email=ADDRESS)
    page.reads(f"If there is an account for {ADDRESS}")
    link = page.mail("Choose a new password")
    assert "nobody@example.com" not in page.text().split("Outbox")[1], "a mail to nobody"
    page.click(f"{NEW_MAIL} a")
    page.fills("form", password=NEW_PASSWORD)
    page.reads("Your password is changed.")
    page.logs_in(PASSWORD + " 2")
    page.reads("The e-mail address or the password is wrong.")
    page.go("about:blank")
    page.go(link)
    page.reads("This link does not work any more")
    assert page.run("return document.querySelector('#view form')") is None, "a new password can be typed although the link is used up"
    page.click("#view .links a")
    page.reads("Tell us your address")
    page.logs_in(NEW_PASSWORD)
    page.reads("Hello, <b>Zoë</b> Doe")


def finds_the_way_back(page, _):
    page.go(f"{page.app}/no/such/page")
    page.reads("This page does not exist")
    page.click("main a")
    page.reads("Hello, <b>Zoë</b> Doe")
    asked = "fetch('/no/such/page', { headers: { Accept: 'application/json' } })"
    told = page.run(f"return {asked}.then(async answer => [answer.status, await answer.json()])")
    assert told == [404, {"detail": "Not Found"}], told


def ends_other_sessions(page, other):
    assert other.status_of_me() == 401, "another browser has this one's session"
    other.logs_in(NEW_PASSWORD)
    other.reads("Log out everywhere else")
    page.visit()
    page.click("#end-others")
    page.reads("You are logged out everywhere else.")
    assert (page.status_of_me(), other.status_of_me()) == (200, 401)
    other.fills("#name-form", first_name="Al")
    other.reads("You are not logged in any more.")
    other.find("[name=username]")
    other.logs_in(NEW_PASSWORD)
    other.reads("This browser")
    page.visit()
    page.find("#sessions li + li")
    page.click("#sessions [data-end]:not([hidden])")
    page.reads("That device is logged out.")
    assert (page.status_of_me(), other.status_of_me()) == (200, 401)
    page.until(lambda: page.run("return document.querySelectorAll('#sessions li').length") == 1, "one session")
    shown = page.run("return document.querySelector('#sessions li').innerText")
    assert "Chrome on Linux" in shown and "in use now" in shown and "This browser" in shown, shown


def deletes_the_account(page, _):
    page.click("#delete")
    page.fills("#delete-form", current_password="wrong password")
    page.until(lambda: "another one" in page.run("return document.querySelector('dialog .problem').textContent"), "the refusal")
    page.fills("#delete-form", current_password=NEW_PASSWORD)
    page.reads("Your account is deleted.")
    page.mail("Your account was deleted")
    assert page.status_of_me() == 401
    page.logs_in(NEW_PASSWORD)
    page.reads("The e-mail address or the password is wrong.")


def fits_on_small_screens(page, _):
    size = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True}
    page.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": size})
    page.visit()
    page.find("#sessions li")
    assert page.run("return [innerWidth, document.documentElement.scrollWidth]") == [320, 320], "something sticks out"
    page.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.clearDeviceMetricsOverride", "params": {}})


def stops_scripts_and_other_origins(page, _):
    """The policy stops a script that gets into the page, and neither another origin nor another site can use the cookie."""
    inline = "Object.assign(document.createElement('script'), { textContent: 'window.stolen = 1' })"
    stopped = page.run(f"try {{ document.body.append({inline}) }} catch {{}} return window.stolen ?? 'stopped'")
    assert stopped == "stopped", "an inline script ran"
    # What the policy has stopped is in the console now, as it should be.
    assert any(entry["source"] != "network" for entry in page.console()), "the policy says nothing"
    # Another port of the same host: to this site's requests, browsers add even a `SameSite=Strict` cookie.
    driver = page.base.split("/session")[0] + "/status"
    page.go(driver)
    for path, options in [
        ("/users/me", "{ mode: 'no-cors', credentials: 'include' }"),
        ("/users/me/sessions?all=true", "{ method: 'DELETE', credentials: 'include' }"),
        ("/users/me", "{ method: 'PATCH', credentials: 'include', headers: { 'Content-Type': 'application/json' }, body: '{}' }"),
    ]:
        read = f"fetch('{page.app}{path}', {options}).then(() => 'an answer', () => 'nothing')"
        assert page.run(f"return {read}") == "nothing", f"another origin uses {path}"
    # Another site.
    page.go(driver.replace("127.0.0.1", "localhost"))
    options = "{ method: 'POST', mode: 'no-cors', credentials: 'include' }"
    page.run(f"return fetch('{page.app}/auth/web/logout', {options}).then(() => 1, () => 0)")
    page.console()
    page.visit()
    page.reads("Hello, <b>Zoë</b> Doe")


STEPS = [
    registers, verifies, registers_again, logs_out_and_in, changes_the_name, changes_address_and_password, resets_the_password,
    finds_the_way_back, ends_other_sessions, fits_on_small_screens, stops_scripts_and_other_origins, deletes_the_account,
]  # fmt: skip


def with_outbox(options, driver, folder):
    with ExitStack() as stack:
        app = stack.enter_context(example(options.example, subfolder(folder, "outbox")))
        page, other = [stack.enter_context(Page(driver, folder, app)) for _ in range(2)]
        other.visit()
        for step in STEPS:
            step(page, other)
            page.finds_nothing_forbidden()
            print(f"{step.__name__}: ok", flush=True)
            if options.screenshots:
                page.screenshot(options.screenshots / f"{step.__name__}.png")


def subfolder(folder, name):
    made = folder / name
    made.mkdir()
    return made


def next_mail(page, folder, seen):
    """The envelope and the mail that has come, other than those that were seen."""
    found = page.until(lambda: [path for path in folder.glob("*.json") if path not in seen], "a mail")
    assert len(found) == 1, found
    seen.add(found[0])
    envelope = json.loads(found[0].read_text())
    return envelope, email.message_from_string(envelope["content"], policy=email.policy.default)


def with_smtp(options, driver, folder):
    with ExitStack() as stack:
        mails = subfolder(folder, "mails")
        smtp, port = stack.enter_context(smtp_sink.start(mails)), ports.reserve()
        settings = {
            "BIND": f"127.0.0.1:{port}", "BASE_URL": f"http://localhost:{port}/",
            "SMTP_URL": f"smtps://{smtp_sink.USER}:{urllib.parse.quote(smtp_sink.PASSWORD)}@127.0.0.1:{smtp}",
            "MAIL_FROM": "The Example <hello@example.com>", "SSL_CERT_FILE": str(mails / smtp_sink.AUTHORITY),
        }  # fmt: skip
        app = stack.enter_context(example(options.example, subfolder(folder, "smtp"), **settings))
        page, seen = stack.enter_context(Page(driver, folder, app)), set()
        page.visit("register")
        page.fills("form", first_name="Visit http://spam.example", email=ADDRESS, password=PASSWORD)
        page.reads(f"We have sent a mail to {ADDRESS}.")
        # It comes although the server has refused it once.
        envelope, mail = next_mail(page, mails, seen)
        assert (envelope["from"], envelope["to"]) == ("hello@example.com", [ADDRESS]), envelope
        headers = {name: mail[name] for name in ["From", "To", "Subject", "Auto-Submitted", "MIME-Version"]}
        assert headers == {
            "From": "The Example <hello@example.com>", "To": ADDRESS, "Subject": "Confirm your e-mail address",
            "Auto-Submitted": "auto-generated", "MIME-Version": "1.0",
        }, headers  # fmt: skip
        assert mail["Date"].datetime and mail["Message-ID"] and mail.get_content_type() == "text/plain", mail.items()
        text = mail.get_content()
        assert "spam.example" not in text, "a stranger's words reach an address that is not proven"
        verify = re.findall(r"^(http://localhost:\d+/verify#[\w.-]+)$", text.replace("\r", ""), re.M)
        page.go(verify[0])
        page.reads("Your e-mail address is confirmed.")
        page.visit("forgot")
        page.fills("form", email="nobody@example.com")
        page.reads("If there is an account")
        page.visit("forgot")
        page.fills("form", email=ADDRESS)
        envelope, mail = next_mail(page, mails, seen)
        assert (envelope["to"], mail["Subject"]) == ([ADDRESS], "Choose a new password"), "the only mail"
        assert "/reset-password#" in mail.get_content() and "Hello Visit" in mail.get_content(), mail.get_content()
        assert page.run("return fetch('/outbox').then(answer => answer.status)") == 404
        assert page.run("return document.querySelector('#outbox').hidden") is True
        print("with_smtp: ok", flush=True)


def main():
    options = OPTIONS.parse_args()
    with processes.temporary_folder("web-") as folder, chromedriver(folder) as driver:
        with_outbox(options, driver, folder)
        with_smtp(options, driver, folder)


if __name__ == "__main__":
    main()
