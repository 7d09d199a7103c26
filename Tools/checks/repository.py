# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the checks read: the files of the repository, its packages, and Swift source without comments and strings."""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def files() -> list[Path]:
    """Every file that git knows or would add, relative to the top folder."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = {Path(name) for name in listing.split("\0") if name}
    return sorted(path for path in found if (ROOT / path).is_file())


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def manifests() -> list[Path]:
    return [path for path in files() if path.name == "Package.swift"]


def package_name(folder: Path) -> str:
    """`Host` for Packages/Host, `Guests` for Guests, `Formats/Fuzz` for Packages/Formats/Fuzz."""
    parts = folder.parts[1:] if folder.parts[:1] == ("Packages",) else folder.parts
    return "/".join(parts)


@dataclass
class Target:
    name: str
    kind: str  # regular, executable, test, system, macro, plugin
    folder: Path
    settings: list[dict]
    product_packages: list[str] = field(default_factory=list)  # the folder names of the packages whose products it uses

    def swift_files(self) -> list[Path]:
        return [path for path in files() if path.suffix == ".swift" and self.folder in path.parents]


@dataclass
class Package:
    name: str
    folder: Path
    path_dependencies: list[Path]
    remote_dependencies: list[str]
    targets: list[Target]


def _dump(manifest: Path) -> dict:
    """What SwiftPM reads in a manifest; kept in .build/checks as long as the manifest stays the same."""
    key = hashlib.sha256(f"{ROOT}/{manifest}\n{text(manifest)}".encode()).hexdigest()
    kept = ROOT / ".build/checks" / f"{key}.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    answer = subprocess.run(
        ["swift", "package", "--package-path", str(ROOT / manifest.parent), "dump-package"],
        capture_output=True,
        text=True,
    )
    if answer.returncode != 0:
        sys.exit(f"{manifest}: {answer.stderr.strip()}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(answer.stdout, encoding="utf-8")
    return json.loads(answer.stdout)


def _read_package(manifest: Path) -> Package:
    folder = manifest.parent
    dump = _dump(manifest)
    local, remote = [], []
    for dependency in dump["dependencies"]:
        for kind, entries in dependency.items():
            for entry in entries:
                if kind == "fileSystem":
                    local.append(Path(os.path.relpath(entry["path"], ROOT)))
                else:
                    remote.append(entry["identity"])
    targets = []
    for target in dump["targets"]:
        usual = "Tests" if target["type"] == "test" else "Sources"
        targets.append(
            Target(
                name=target["name"],
                kind=target["type"],
                folder=folder / (target.get("path") or f"{usual}/{target['name']}"),
                settings=target.get("settings", []),
                product_packages=[
                    dependency["product"][1] for dependency in target["dependencies"] if "product" in dependency
                ],
            )
        )
    return Package(package_name(folder), folder, local, remote, targets)


@cache
def packages() -> dict[str, Package]:
    """Every package by name, as SwiftPM reads its manifest."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return {package.name: package for package in pool.map(_read_package, manifests())}


_TRIVIA = re.compile(
    r'(?P<raw>#+"""(?:.|\n)*?"""#+|#+"(?:[^\n])*?"#+)'
    r'|(?P<block>"""(?:\\.|[^\\])*?""")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<line>//[^\n]*)"
    r"|(?P<comment>/\*(?:.|\n)*?\*/)"
    r"|(?P<name>`[^`\n]*`)"
)


def code_only(source: str) -> str:
    """The source with comments, strings and back-quoted names blanked out, each line where it was."""
    return _TRIVIA.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source)


class Findings:
    """Collects what a check finds, prints it, and ends the program."""

    def __init__(self, check: str) -> None:
        self.check = check
        self.lines: list[str] = []

    def add(self, path: Path | str, message: str, line: int | None = None) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        self.lines.append(f"{place}: {message}")

    def finish(self, summary: str) -> None:
        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        green, red, plain = ("\033[32m", "\033[31m", "\033[0m") if coloured else ("", "", "")
        for line in self.lines:
            print(line)
        if self.lines:
            print(f"{red}bad{plain} {self.check}: {len(self.lines)} findings")
            sys.exit(1)
        print(f"{green}ok{plain}  {self.check}: {summary}")
