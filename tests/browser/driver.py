"""A headless Chromium, driven over the WebDriver protocol with nothing but Python's own library."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS), str(TESTS / "harness")]

import inherited  # noqa: E402 - needs the path
import ports  # noqa: E402, F401 - for the suites
import processes  # noqa: E402

# How many seconds an element may take, and a program with its installation, on a machine that has much else to do.
PATIENCE, PATIENCE_WITH_PROGRAMS = 180, 600
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1000,700",
]  # fmt: skip


class Process:
    """A program that tells a URL or a port when it listens, and goes with this process. It is ready when `probe` with what it has told
    gives something."""

    def __init__(self, command, ready, probe, **options):
        if not shutil.which(command[0]):
            raise SystemExit(f"{command[0]} is missing; tests/run installs it")
        self.name, self.lines = command[0], []
        self.process = processes.keep(command, stdout=subprocess.PIPE, text=True, **options)
        told = threading.Event()
        threading.Thread(target=self.read, args=(ready, told), daemon=True).start()
        try:
            self.told = None
            if not told.wait(PATIENCE_WITH_PROGRAMS) or self.told is None:
                raise SystemExit(f"{self.name} did not start: {self.lines[-20:]}")
            until(lambda: probe(self.told), self.complain, PATIENCE_WITH_PROGRAMS)
        except BaseException:
            processes.stop(self.process)
            raise

    def read(self, ready, told):
        """Takes what the program prints, which would wait otherwise."""
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if not told.is_set() and (found := re.search(ready, line)):
                self.told = found[1]
                told.set()
        told.set()

    def complain(self, problem):
        raise SystemExit(f"{self.name} at {self.told} does not answer ({problem}): {self.lines[-20:]}")

    def __enter__(self):
        return self.told

    def __exit__(self, *_):
        processes.stop(self.process)


def until(attempt, complain, patience=PATIENCE):
    """Tries until it comes true; what it gives."""
    end, problem = time.monotonic() + patience, None
    while time.monotonic() < end:
        try:
            if found := attempt():
                return found
        except (LookupError, OSError, ValueError) as error:
            problem = error
        time.sleep(0.05)
    complain(problem)


def fetch(request, timeout=PATIENCE):
    """The body of an answer; no proxy is asked."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=timeout) as answer:
        return answer.read()


def example(binary, folder, **settings):
    """An example that serves from a folder, with these settings only, as a process that tells its URL."""
    environment = inherited.environment() | {"BIND": "127.0.0.1:0"} | settings
    return Process([str(binary.resolve())], r"Serving on (\S+)", is_served, cwd=folder, env=environment)


def is_served(url):
    """Whether a current user is looked for, and none found."""
    try:
        return fetch(f"{url.rstrip('/')}/users/me") and False
    except urllib.error.HTTPError as error:
        return error.code == 401


def provider(command):
    """An OpenID provider as a process that tells its issuer."""
    return Process(command, r"OpenID provider at (\S+)", lambda issuer: fetch(f"{issuer}/.well-known/openid-configuration"))


def chromedriver(folder):
    """What starts browsers, as a process that tells its port; whatever they store goes with the folder."""
    def is_ready(port):
        return json.loads(fetch(f"http://127.0.0.1:{port}/status"))["value"]["ready"]

    ready = r"started successfully on port (\d+)"
    return Process(["chromedriver", "--port=0"], ready, is_ready, env=os.environ | {"TMPDIR": str(folder)})


class Browser:
    """A new Chromium with a profile of its own in a folder, started with these arguments and preferences, too."""

    def __init__(self, port, folder, *arguments, preferences=None):
        self.base = f"http://127.0.0.1:{port}/session"
        self.profile = tempfile.mkdtemp(prefix="chromium-", dir=folder)
        arguments = [*ARGUMENTS, *arguments, f"--user-data-dir={self.profile}"]
        options = {"binary": shutil.which("chromium"), "args": arguments, "prefs": preferences or {}}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options}
        self.base += "/" + self.call("POST", "", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.call("DELETE", "")
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if body is None and method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            return json.loads(fetch(request))["value"]
        except urllib.error.HTTPError as error:
            raise LookupError(json.load(error)["value"]["message"].splitlines()[0]) from None

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def url(self):
        return self.call("GET", "/url")

    def find(self, selector):
        """The element, as soon as it is there."""
        return self.until(lambda: self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT], selector)

    def click(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click")

    def write(self, selector, text):
        element = self.find(selector)
        self.call("POST", f"/element/{element}/clear")
        self.call("POST", f"/element/{element}/value", {"text": text})

    def text(self):
        return self.run("return document.body.innerText")

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def forget(self):
        """Removes the cookies of this host, whatever the port."""
        self.call("DELETE", "/cookie")

    def screenshot(self, path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", "/screenshot")))

    def until(self, attempt, what):
        """Tries until it comes true; pages load in between."""
        def complain(problem):
            raise AssertionError(f"{what} is not there at {self.url()}: {problem}\n{self.text()}")

        return until(attempt, complain)
