"""The Python that drives a browser: Selenium and axe-core, in .tools/browser, which is made where it is missing."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / ".tools/browser"
PACKAGES = ["selenium==4.51.0", "axe-playwright-python==0.1.8"]


def prepare():
    """Goes on with a Python that has what is needed."""
    python = TOOLS / "bin/python"
    install()
    if pathlib.Path(sys.prefix) != TOOLS:
        os.execv(python, [python, *sys.argv])


def install():
    if (TOOLS / "ready").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
    pip = [TOOLS / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, PACKAGES[0]], check=True)
    # Only the script that is inside: its own browser is not needed.
    subprocess.run([*pip, "--no-deps", PACKAGES[1]], check=True)
    (TOOLS / "ready").touch()


def axe():
    return next(TOOLS.glob("lib/python*/site-packages/axe_playwright_python/axe.min.js"))


if __name__ == "__main__":
    install()
