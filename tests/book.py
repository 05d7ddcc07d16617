#!/usr/bin/env python3
"""The guide as a book: the pages of the API documentation, written again for readers of the repository and for mdBook.

The pages under `users-runtime/src/docs` are rustdoc: their links lead to items of the crate, and their snippets have hidden lines,
which make them tests. Both read badly outside rustdoc, so `guide/` has the same pages with links between files and without hidden
lines. `tests/book.py` writes that folder; `tests/book.py --check` fails when it is not what would be written, or when a link of the
book or of the repository's own pages leads nowhere. `mdbook build guide` makes a site of it."""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "users-runtime/src/docs"
REFERENCE = ROOT / "users-macros/src/docs/reference.md"
BOOK = ROOT / "guide"
# The repository's own pages, whose links are checked, too.
OWN_PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]

# The order of the book, and the title of each page. A page that is missing here is an error.
TITLES = {
    "README": "The first five minutes",
    "concepts": "Concepts",
    "existing-application": "Into an application that exists",
    "reference": "Reference of the attributes",
    "configuration": "Configuration",
    "databases": "Databases",
    "own-tables": "Tables of your own",
    "hooks": "Hooks",
    "events": "Events",
    "sessions": "Sessions",
    "security": "Security",
    "limits": "Limits",
    "cross-site": "Requests of other sites",
    "deployment": "Deployment",
    "operators": "Operators",
    "openapi": "OpenAPI",
    "cookbook": "Cookbook: accounts",
    "cookbook-data": "Cookbook: data",
    "cookbook-flows": "Cookbook: flows",
    "cookbook-oauth": "Cookbook: social login",
    "cookbook-sessions": "Cookbook: sessions and tokens",
    "cookbook-requests": "Cookbook: requests",
    "cookbook-fitting-in": "Cookbook: fitting in",
    "coming-from-fastapi-users": "Coming from FastAPI Users",
    "own-store": "A store of your own",
    "design": "Design",
}
CONFIGURATION = """[book]
title = "FastAPI Users for axum"
language = "en"
src = "."

[output.html]
git-repository-url = "https://github.com/fastapi-users-rs/users"
"""
NOTE = "<!-- Written by tests/book.py from {source}: change that file. -->\n\n"

FENCE = re.compile(r"^( *)(`{3,})(.*)$")
# A link whose text may hold code; what it leads to may end in `()`, as links to functions do.
LINK = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)*)\]\(((?:[^()\s]|\(\))+)\)")
SHORTCUT = re.compile(r"\[(`[^`]+`)\](?![(\[:])")
HIDDEN = re.compile(r"^\s*#(\s|$)")
# What a fence of rustdoc may say beside the language: then it is Rust.
RUSTDOC = {"", "rust", "no_run", "ignore", "should_panic", "compile_fail"}


def sources() -> dict[str, Path]:
    """The pages by their names in the book."""
    found = {"README" if page.stem == "guide" else page.stem: page for page in PAGES.glob("*.md")} | {"reference": REFERENCE}
    if found.keys() != TITLES.keys():
        sys.exit(f"tests/book.py has no title for, or a title without: {sorted(found.keys() ^ TITLES.keys())}")
    return {name: found[name] for name in TITLES}


def target(link: str) -> str | None:
    """Where a link of rustdoc leads in the book: nowhere when it names an item of the crate."""
    if link.startswith(("http://", "https://", "#")):
        return link
    path, _, heading = link.partition("#")
    if found := re.fullmatch(r"(?:crate::)?docs::(\w+)", path):
        return f"{found[1].replace('_', '-')}.md" + (heading and f"#{heading}")
    if path in ("crate", "users_runtime"):
        return "README.md" + (heading and f"#{heading}")
    if re.fullmatch(r"(?:\w+@)?(?:crate|derive\.UserModel|macro\.UserModel|crate::UserModel)", path) and heading:
        return f"reference.md#{heading}"
    if path.endswith("UserModel") and path.startswith(("macro@", "derive@")):
        return "reference.md" + (heading and f"#{heading}")
    return None


def without_items(line: str) -> str:
    """The line with links of the book, and the names of items as code."""

    def replaced(found: re.Match[str]) -> str:
        leads = target(found[2])
        return f"[{found[1]}]({leads})" if leads else found[1]

    return SHORTCUT.sub(r"\1", LINK.sub(replaced, line))


def page(text: str) -> str:
    """A page of rustdoc as a page of the book."""
    written, fence, is_rust = [], None, False
    for line in text.splitlines():
        found = FENCE.match(line)
        if found and fence is None:
            fence = found[2]
            is_rust = set(re.split(r"[,\s]+", found[3])) <= RUSTDOC
            line = f"{found[1]}{fence}{'rust' if is_rust else found[3]}"
        elif found and found[2] == fence and not found[3]:
            fence = None
            # What was hidden may have left an empty line at the end.
            while is_rust and not written[-1].strip():
                written.pop()
        elif fence is None:
            line = without_items(line)
        elif is_rust:
            if HIDDEN.match(line):
                continue
            if not line.strip() and FENCE.match(written[-1]):
                continue
            line = re.sub(r"^(\s*)##", r"\1#", line)
        written.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).rstrip() + "\n"


def book() -> dict[str, str]:
    """Every file of the book."""
    files = {"book.toml": CONFIGURATION, "SUMMARY.md": "# Summary\n\n"}
    for name, source in sources().items():
        files["SUMMARY.md"] += f"- [{TITLES[name]}]({name}.md)\n"
        text = page(source.read_text())
        # rustdoc gives a page the name of its module as a title, unless the page has one.
        title = "" if text.startswith("# ") else f"# {TITLES[name]}\n\n"
        files[f"{name}.md"] = NOTE.format(source=source.relative_to(ROOT)) + title + text
    return files


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and mdBook make them."""
    found, fenced = set(), False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if not fenced and (heading := re.match(r"#+ (.*)", line)):
            plain = LINK.sub(r"\1", heading[1]).replace("`", "").lower()
            found.add(re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-"))
    return found


def prose(text: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^( *)```.*?^\1```", "", text, flags=re.DOTALL | re.MULTILINE)


def dead_links(files: dict[str, str]) -> list[str]:
    """The links that lead nowhere, of the book and of the repository's own pages."""
    texts = {BOOK / name: text for name, text in files.items() if name.endswith(".md")}
    texts |= {ROOT / name: (ROOT / name).read_text() for name in OWN_PAGES}
    dead = []
    for file, text in texts.items():
        for _, link in LINK.findall(prose(text)):
            path, _, heading = link.partition("#")
            if "://" in link or link.startswith("mailto:"):
                continue
            leads = (file.parent / path).resolve() if path else file
            if leads not in texts and not leads.exists():
                dead.append(f"{file.relative_to(ROOT)}: {link}: no such file")
            elif heading and heading not in anchors(texts.get(leads) or leads.read_text()):
                dead.append(f"{file.relative_to(ROOT)}: {link}: no such heading")
    return dead


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing: fail when the book is not up to date")
    files = book()
    found = {path.name: path.read_text() for path in BOOK.glob("*.*") if path.is_file()}
    differs = sorted(name for name in files.keys() | found.keys() if files.get(name) != found.get(name))
    problems = dead_links(files)
    if parser.parse_args().check:
        problems += [f"guide/{name} is not up to date: run `python3 tests/book.py`" for name in differs]
    else:
        BOOK.mkdir(exist_ok=True)
        for name in found.keys() - files.keys():
            (BOOK / name).unlink()
        for name, text in files.items():
            (BOOK / name).write_text(text)
    print("\n".join(problems) or f"{len(files)} files, every link leads somewhere")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
