"""Opens pages of a review in headless Chromium and says what is wrong with them.

browse.py FOLDER [SCREENSHOTS]

The index, an agent's, a framework's and an owner's page, at two widths, light, dark and as printed: no
error on the console, no request but for files, no content that is wider than the window, no
violation of WCAG 2.2 A or AA (axe-core), and with JavaScript off every word that is there with it.
Prints a line for each mistake; exit code 1 when there is one. With SCREENSHOTS, writes PNG files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Request, sync_playwright

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1440, 390)
LOOKS = (("light", "screen"), ("dark", "screen"), ("light", "print"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# On paper nothing is clicked, and a link is no more than its words.
RULES_OF_SCREENS = ["link-in-text-block", "target-size"]


def pages(folder: Path) -> list[Path]:
    found = [folder / "index.html"]
    for part in ("agents", "controls", "owners"):
        # The longest page of each kind has most of what can go wrong.
        files = sorted((folder / part).glob("*.html"), key=lambda file: (-file.stat().st_size, file))
        found += files[:1]
    return found


class Look:
    """One page at one width in one look."""

    def __init__(self, browser: Browser, file: Path, width: int, scheme: str, media: str) -> None:
        self.name = f"{file.parent.name}/{file.name} {width} {scheme} {media}"
        self.media = media
        self.mistakes: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.mistakes.append(f"script: {error}"))
        self.page.on("request", self.follow)
        self.page.emulate_media(media=media, color_scheme=scheme)
        self.page.goto(file.as_uri())

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.mistakes.append(f"console: {message.text}")

    def follow(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.mistakes.append(f"request: {request.url}")

    def measure(self) -> None:
        wide = self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.mistakes.append(f"{wide} pixels wider than the window")

    def ask_axe(self) -> None:
        # Axe would fetch style sheets again, which the page's own rules forbid.
        options = {"runOnly": {"type": "tag", "values": RULES}, "preload": False}
        if self.media == "print":
            options["rules"] = {rule: {"enabled": False} for rule in RULES_OF_SCREENS}
        for violation in Axe().run(self.page, options=options).response["violations"]:
            for node in violation["nodes"][:3]:
                target = " ".join(str(part) for part in node["target"])
                self.mistakes.append(f"axe: {violation['id']}: {violation['help']}: {target}")


def only_with_scripts(browser: Browser, file: Path) -> list[str]:
    """Words that a page shows only with scripts; the scripts' own controls left out."""
    seen: list[set[str]] = []
    for enabled in (True, False):
        context = browser.new_context(java_script_enabled=enabled)
        page = context.new_page()
        page.goto(file.as_uri())
        if enabled:
            page.evaluate("document.querySelectorAll('.filter').forEach((part) => part.remove())")
        seen.append(set(page.locator("main").inner_text().split()))
        context.close()
    return sorted(seen[0] - seen[1])


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    shots = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    mistakes: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for file in pages(folder):
            for width in WIDTHS:
                for scheme, media in LOOKS:
                    look = Look(browser, file, width, scheme, media)
                    if media == "screen":
                        look.measure()
                    look.ask_axe()
                    if shots:
                        name = look.name.replace("/", "-").replace(" ", "-").replace(".html", "")
                        look.page.screenshot(path=shots / f"{name}.png", full_page=False)
                    mistakes += [f"{look.name}: {mistake}" for mistake in look.mistakes]
                    look.context.close()
            lost = only_with_scripts(browser, file)
            if lost:
                mistakes.append(f"{file.name}: only with JavaScript: {' '.join(lost[:20])}")
        browser.close()
    for mistake in mistakes:
        print(mistake)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
