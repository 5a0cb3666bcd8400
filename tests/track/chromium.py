"""Headless Chromium over a pipe: enough of the DevTools protocol to load, click and look."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

PATH = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


class Page:
    """One page of a browser of its own; a context manager."""

    def __init__(self, url, width=1280, height=900, mobile=False):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours, theirs = os.pipe(), os.pipe()  # (browser reads, we write), (we read, it writes)
        # The browser reads from descriptor 3 and writes to 4.
        start = (
            "import fcntl, os, sys\n"
            "ends = [fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3]]\n"
            "[os.dup2(end, to) for end, to in zip(ends, (3, 4))]\n"
            "os.execv(sys.argv[3], sys.argv[3:])"
        )
        ends = (ours[0], theirs[1])
        self.process = subprocess.Popen(
            [sys.executable, "-c", start, *map(str, ends), PATH, *FLAGS,
             f"--user-data-dir={self.profile.name}", "about:blank"],
            pass_fds=ends, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(ours[0])
        os.close(theirs[1])
        self.writer, self.reader = os.fdopen(ours[1], "wb", 0), os.fdopen(theirs[0], "rb")
        self.count, self.session, self.errors, self.events = 0, None, [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=mobile)  # fmt: skip
        self.call("Page.navigate", url=url)
        while "Page.loadEventFired" not in [event["method"] for event in self.events]:
            self._read()

    def call(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.writer.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self.count:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self):
        data = bytearray()
        while (byte := self.reader.read(1)) != b"\0":
            assert byte, "Chromium has gone"
            data += byte
        message = json.loads(data)
        if "method" in message:
            self.events.append(message)
            self._note(message["method"], message["params"])
        return message

    def _note(self, method, params):
        if method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.errors.append(params["entry"]["text"])
        if method == "Runtime.exceptionThrown" or (
            method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning")
        ):
            self.errors.append(json.dumps(params))

    def requests(self):
        """Addresses that the page asked for, itself first."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def run(self, script):
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, selector):
        """A real click at the middle of an element."""
        x, y = self.run(
            f"(() => {{const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]})()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, path, whole=True):
        """Save the page as PNG."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.writer.close()
        self.reader.close()
        self.profile.cleanup()
