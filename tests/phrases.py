#!/usr/bin/env python3
"""Finds phrases that the documentation should not use, and says what to write instead.

It reads the repository's own pages, the guide's pages, the doc comments (`///`, `//!`) of both crates, and the texts in string literals of
both crates outside tests: error messages, compiler errors, logs, descriptions in the OpenAPI document. Code, in fences and between backticks,
is not prose and is skipped."""

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
# For pages and string literals, whose readers do not have the code before them.
SHOWN_PHRASES = [
    (r"(?<!there )(?<!where )(?:is|are|was|were) no (?!longer|more|other)\w+", "is not a valid …"),
    (r"(?:is|are|was|were) none", "is invalid, is not among …"),
    (r"(?:is|longer\)?) good", "is valid, has expired"),
    (r"to be told", "receives"),
]
# Texts of the original, which clients receive unchanged.
OF_THE_ORIGINAL = {"users-runtime/src/wire/email/domain.rs"}
Rules = list[tuple[re.Pattern[str], str]]


def compiled(phrases: list[tuple[str, str]]) -> Rules:
    """The phrases as patterns of whole words."""
    return [(re.compile(rf"\b(?:{phrase})\b", re.IGNORECASE), instead) for phrase, instead in phrases]


RULES = compiled(PHRASES)
SHOWN_RULES = RULES + compiled(SHOWN_PHRASES)
FENCE = re.compile(r"\s*(`{3,})")
DOC_COMMENT = re.compile(r"\s*//[/!] ?(.*)")
# Comments and characters come first, since they may have quotation marks.
TOKEN = re.compile(r"""//[^\n]*|'(?:\\.|[^'\\])'|r(#*)"(?P<raw>.*?)"\1|"(?P<text>(?:[^"\\]|\\.)*)\"""", re.DOTALL)
TESTS = "#[cfg(test)]\nmod tests {"


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


def literals(path: Path) -> list[tuple[int, str]]:
    """The numbered texts in the string literals of a source file, without those of its tests."""
    if "test" in path.stem or "tests" in path.parts:
        return []
    source = path.read_text().split(TESTS)[0]
    found = []
    for token in TOKEN.finditer(source):
        text = token["raw"] or token["text"] or ""
        # A literal without a space is a name or a pattern.
        if " " in text:
            text = re.sub(r"`[^`]*`", "`", re.sub(r"\\\n\s*", "", text))
            found.append((source.count("\n", 0, token.start()) + 1, text))
    return found


def main() -> int:
    files = sorted({path for pattern in [*PAGES, *SOURCES] for path in ROOT.glob(pattern)})
    found = []
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        is_source = path.suffix == ".rs"
        texts = [(prose(path), RULES if is_source else SHOWN_RULES)]
        if is_source and name not in OF_THE_ORIGINAL:
            texts.append((literals(path), SHOWN_RULES))
        found += [
            f"{name}:{number}: {match[0]}: {instead}"
            for lines, rules in texts
            for number, line in lines
            for rule, instead in rules
            for match in rule.finditer(line)
        ]
    print("\n".join(found) or f"{len(files)} files, none of {len(SHOWN_RULES)} phrases")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
