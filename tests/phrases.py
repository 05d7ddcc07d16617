#!/usr/bin/env python3
"""Finds phrases that the documentation should not use, and says what to write instead.

It reads the repository's own pages, the guide's pages and the doc comments (`///`, `//!`) of both crates. Code, in fences and between
backticks, is not prose and is skipped."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "users-runtime/src/docs/*.md", "users-macros/src/docs/*.md"]
SOURCES = ["users-runtime/src/**/*.rs", "users-macros/src/**/*.rs"]
PHRASES = [
    (r"nobody", "no user, no client; none"),
    (r"somebody", "a user, a client, another program"),
    (r"whoever", "the user, the client or the caller that …"),
    (r"everybody", "all users, every client, anyone"),
    (r"elsewhere", "name the place: on other hosts, in another table"),
    (r"nowhere", "not stored, not shown"),
    (r"accounts? elsewhere", "social login, linked accounts"),
    (r"(?:is|are|was|were|not|be) told", "receives, is reported, is configured"),
    (r"tells?", "reports, returns, reveals, distinguishes"),
    (r"judg(?:e|es|ed|ing)", "validates, checks, tests"),
    (r"so many", "this number of, the number of"),
    (r"likewise", "also, in the same way"),
    (r"meanwhile", "in the meantime, or nothing"),
    (r"in the midst", "while"),
    (r"letters of ASCII", "ASCII letters"),
    (r"(?:is|are|was|be) good (?:for|once)|good for", "expires after, is valid for, can be used once"),
    (r"stands? alone", "takes no value"),
    (r"of one's own|one's own", "custom, your own"),
    (r"(?:UR[LI]|file|address|path|secret) is none", "is invalid, is empty"),
    (r"but for (?:the|a|an|its|this|these|one|some|tests|what|lone|few)", "except for"),
    (r"for want of", "without, because there is no"),
    (r"lest", "so that … not"),
    (r"to be had", "available"),
    (r"for proven", "as verified"),
    (r"letter by letter", "exactly"),
    (r"of old", "old, legacy"),
    (r"if need be", "if needed"),
    (r"the (?:\w+ )?sisters?", "name the other items, or write: similar methods"),
    (r"asks? nobody|open(?:s)? nothing", "does not authenticate; is not valid"),
]
RULES = [(re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE), instead) for phrase, instead in PHRASES]
FENCE = re.compile(r"\s*(`{3,})")
DOC_COMMENT = re.compile(r"\s*//[/!] ?(.*)")


def prose(path: Path) -> list[tuple[int, str]]:
    """The numbered lines of a file's prose, without code and the targets of links."""
    lines, fence = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if path.suffix == ".rs":
            comment = DOC_COMMENT.match(line)
            if not comment:
                fence = None
                continue
            line = comment[1]
        if found := FENCE.match(line):
            fence = None if fence == found[1] else fence or found[1]
        elif fence is None:
            lines.append((number, re.sub(r"`[^`]*`|\]\([^)]*\)", "`", line)))
    return lines


def main() -> int:
    files = sorted({path for pattern in [*PAGES, *SOURCES] for path in ROOT.glob(pattern)})
    named = [(path, path.relative_to(ROOT).as_posix()) for path in files]
    found = [
        f"{name}:{number}: {match[0]}: {instead}"
        for path, name in named
        for number, line in prose(path)
        for rule, instead in RULES
        for match in rule.finditer(line)
    ]
    print("\n".join(found) or f"{len(files)} files, none of {len(RULES)} phrases")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
