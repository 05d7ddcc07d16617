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

sys.path.append(str(Path(__file__).resolve().parents[1]))

import inherited  # noqa: E402 - needs the path

# How long an element may take, and a program with its installation.
PATIENCE, PATIENCE_WITH_PROGRAMS = 30, 180
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1000,700",
]  # fmt: skip


class Process:
    """A program that tells a URL or a port when it is ready, and is killed by its id in the end."""

    def __init__(self, command, ready, **options):
        if not shutil.which(command[0]):
            raise SystemExit(f"{command[0]} is missing; tests/run installs it")
        # A group of its own, so that a key pressed in the terminal reaches this script only, which then ends it.
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, **options)
        alarm = threading.Timer(PATIENCE_WITH_PROGRAMS, self.process.kill)
        alarm.start()
        for line in self.process.stdout:
            if found := re.search(ready, line):
                alarm.cancel()
                self.told = found[1]
                return
        alarm.cancel()
        self.process.wait()
        raise SystemExit(f"{command[0]} did not start")

    def __enter__(self):
        return self.told

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def example(binary, folder, **settings):
    """An example that serves from a folder, with these settings only, as a process that tells its URL."""
    environment = inherited.environment() | {"BIND": "127.0.0.1:0"} | settings
    return Process([str(binary.resolve())], r"Serving on (\S+)", cwd=folder, env=environment)


class Browser:
    """A new Chromium with a profile of its own."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}/session"
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        options = {"binary": shutil.which("chromium"), "args": [*ARGUMENTS, f"--user-data-dir={self.profile}"]}
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
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                return json.load(answer)["value"]
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
        end, problem = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            try:
                if found := attempt():
                    return found
            except LookupError as error:
                problem = error
            time.sleep(0.05)
        raise AssertionError(f"{what} is not there at {self.url()}: {problem}\n{self.text()}")
