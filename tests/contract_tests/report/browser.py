"""A headless Chromium, driven over its debugging pipe: no library, no port."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
# The protocol's words for keys that write no text.
_KEYS = {
    "Enter": 13,
    "Escape": 27,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}


class BrowserError(RuntimeError):
    """The browser could not do what it was told, or the page has raised an error."""


class Browser:
    """A page in a browser."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._out, self._in = to_browser, from_browser
        self._last, self._rest = 0, b""
        self._page: dict[str, str] = {}
        self.troubles: list[str] = []
        self.requested: list[str] = []

    def begin(self) -> None:
        """Open an empty page, and listen to what it asks for and complains of."""
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._page = {"sessionId": session}
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.tell(f"{domain}.enable")

    def open(self, url: str) -> None:
        """Open the URL, and wait until it is loaded."""
        self.tell("Page.navigate", url=url)
        while self._read().get("method") != "Page.loadEventFired":
            pass

    def look(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        found = self.tell(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            raise BrowserError(json.dumps(found["exceptionDetails"]))
        return found["result"].get("value")

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of the first element that the selector finds."""
        box = self.look(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        place = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.tell("Input.dispatchMouseEvent", type=kind, **place)

    def press(self, key: str) -> None:
        """Press and release a key."""
        code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self.tell("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self.tell("Input.dispatchKeyEvent", type="keyUp", **code)

    def tell(self, method: str, **values: Any) -> dict[str, Any]:
        """Send a command, and give its result."""
        self._last += 1
        command = {"id": self._last, "method": method, "params": values, **self._page}
        os.write(self._out, json.dumps(command).encode() + b"\0")
        while True:
            heard = self._read()
            if heard.get("id") == self._last:
                if "error" in heard:
                    raise BrowserError(f"{method}: {heard['error']}")
                result: dict[str, Any] = heard["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 16)
            if not part:
                raise BrowserError("the browser has gone")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        heard: dict[str, Any] = json.loads(line)
        self._note(heard.get("method"), heard.get("params", {}))
        return heard

    def _note(self, method: str | None, values: dict[str, Any]) -> None:
        if method in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.troubles.append(json.dumps(values))
        elif method == "Network.requestWillBeSent":
            self.requested.append(values["request"]["url"])


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with an empty profile in ``folder``; it is ended with all that it started."""
    program = shutil.which("chromium")
    assert program is not None, "chromium is not installed: `make clients` does it"
    read_by_it, to_browser = os.pipe()
    from_browser, written_by_it = os.pipe()
    # The pipe has to be its file descriptors 3 and 4, whatever numbers it has here.
    shell = f'exec "$@" 3<&{read_by_it} 4>&{written_by_it}'
    process = subprocess.Popen(
        ["bash", "-c", shell, "chromium", program, *_FLAGS, f"--user-data-dir={folder}"],
        pass_fds=(read_by_it, written_by_it),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(read_by_it)
    os.close(written_by_it)
    try:
        page = Browser(to_browser, from_browser)
        page.begin()
        yield page
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(to_browser)
        os.close(from_browser)
