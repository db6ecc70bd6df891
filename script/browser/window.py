"""A headless Chromium, and what a person does and notices in it."""

import base64
import json
import pathlib

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from playground import wait

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Window:
    def __init__(self, axe, language="en"):
        options = webdriver.ChromeOptions()
        for argument in ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1", f"--lang={language}"]:
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.binary_location = "/usr/bin/chromium"
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(60)
        self.driver.set_script_timeout(60)
        self.axe = pathlib.Path(axe).read_text()
        self.set(1280, "light")

    def close(self):
        self.driver.quit()

    def set(self, width, theme, height=900):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    # What a person does

    def open(self, url):
        self.driver.get(url)

    def one(self, selector):
        return wait(f"there is {selector}", 20, lambda: self.steady(
            lambda: next((e for e in self.all(selector) if e.is_displayed()), None)))

    @staticmethod
    def steady(act):
        """Once more where live news have exchanged an element between its being found and its being used."""
        for _ in range(5):
            try:
                return act()
            except StaleElementReferenceException:
                pass
        return act()

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, selector):
        """With the keyboard: what can't be reached by it can't be pressed."""
        def once():
            element = self.one(selector)
            self.run("arguments[0].focus()", element)
            assert self.run("return document.activeElement === arguments[0]", element), f"{selector} takes no focus"
            element.send_keys(Keys.ENTER)
        self.steady(once)

    def type(self, selector, text):
        def once():
            element = self.one(selector)
            element.clear()
            element.send_keys(text)
        self.steady(once)

    def choose(self, selector, value):
        self.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
                 self.one(selector), value)

    # What a person sees

    @property
    def path(self):
        return self.run("return location.pathname")

    def text(self, selector="main"):
        try:
            return " ".join(element.text for element in self.all(selector))
        except StaleElementReferenceException:
            return ""

    def sees(self, text, selector="main", seconds=30):
        wait(f"'{text}' in {selector} of {self.path}; it says: {self.text(selector)[:600]}", seconds, lambda: text in self.text(selector), 0.2)

    def mark(self):
        """From now on it can be told whether the page was loaded anew, and how much moved in it by itself."""
        self.run("""
            window.stayed = true; window.moved = 0;
            new PerformanceObserver((list) => { for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value; })
                .observe({ type: "layout-shift" });""")

    def stayed(self):
        return self.run("return window.stayed === true")

    def moved(self):
        return self.run("return window.moved")

    def places(self, selector):
        """Where things are on the page."""
        return self.run("""
            return [...document.querySelectorAll(arguments[0])].filter((e) => e.getClientRects().length)
                .map((e) => `${e.id || e.className || e.tagName} ${Math.round(e.getBoundingClientRect().top + scrollY)}`);""", selector)

    def renew(self):
        """As when somebody comes back to the tab: the page looks for news, and has put them in place when this returns."""
        count = "return performance.getEntriesByType('resource').filter((e) => e.initiatorType === 'fetch' && e.name === location.href).length"
        # The second begins only when what the first has brought is in place.
        for _ in range(2):
            before = self.run(count)
            self.run("document.dispatchEvent(new Event('visibilitychange'))")
            wait("the page has looked for news", 20, lambda: self.run(count) > before, 0.1)

    def call(self, method, path, body=None):
        """A request beside the page, with its session."""
        status = self.driver.execute_async_script("""
            const done = arguments[3], token = document.querySelector('meta[name="csrf-token"]').content;
            const headers = { "X-CSRF-Token": token, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
            const body = arguments[0] === "DELETE" ? undefined : arguments[2];
            fetch(arguments[1], { method: arguments[0], headers, body }).then((r) => done(r.status), (e) => done(String(e)));""",
            method, path, json.dumps(body or {}))
        assert status in [200, 201, 202, 204], f"{method} {path}: {status}"

    # What nobody should have to notice

    def complaints(self):
        """Errors of scripts, and what the policy has refused. A request that the API refuses is no error of the page."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and "Failed to load resource" not in entry["message"] and "ERR_" not in entry["message"]]

    def barriers(self):
        """What keeps people out, by axe-core."""
        if not self.run("return typeof axe === 'object'"):
            self.run(self.axe)
        found = self.driver.execute_async_script(
            "const done = arguments[1]; axe.run(document, { runOnly: arguments[0] }).then((r) => done(r.violations), (e) => done([{ id: String(e), nodes: [] }]))",
            STANDARDS)
        return [f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}" for violation in found for node in violation["nodes"] or [{"html": ""}]]

    def wide(self):
        """What is broader than the window, and makes the page scroll sideways."""
        return self.run("""
            if (document.documentElement.scrollWidth <= innerWidth) return [];
            return [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                .slice(0, 3).map((e) => e.outerHTML.slice(0, 120));""")

    def tab_order(self, count):
        """What the Tab key comes to, one after another."""
        self.run("document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
        order = []
        for _ in range(count):
            webdriver.ActionChains(self.driver).send_keys(Keys.TAB).perform()
            order.append(self.run("""
                const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
                return { tag: e.tagName, name: e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent.trim().slice(0, 40),
                    top: box.top + scrollY, left: box.left, ring: style.outlineStyle !== "none" && style.outlineWidth !== "0px" };"""))
        return order

    def dialogs(self):
        """The page's dialogs; of several that ask the same of different things, one."""
        return self.run("""
            const kinds = new Map();
            for (const button of document.querySelectorAll("[data-opens]")) {
                const id = button.dataset.opens;
                const kind = id.startsWith("delete-") ? id.split("-").slice(0, 2).join("-") : id;
                if (!kinds.has(kind) && document.getElementById(id)) kinds.set(kind, id);
            }
            return [...kinds.values()];""")

    def show(self, dialog):
        """Opens it, and closes the one that is open."""
        self.run("""
            document.querySelector("dialog[open]")?.close();
            document.querySelector(`[data-opens="${arguments[0]}"]`).click();""", dialog)

    def picture(self, file, whole=True):
        """Of the page as it would be in a window that is high enough; or of what is in the window."""
        size = self.command("Page.getLayoutMetrics")["cssContentSize" if whole else "cssVisualViewport"]
        width, height = (size["width"], size["height"]) if whole else (size["clientWidth"], size["clientHeight"])
        shot = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=whole, clip={
            "x": 0, "y": 0, "width": width, "height": min(height, 6000), "scale": 1})
        pathlib.Path(file).write_bytes(base64.b64decode(shot["data"]))
