//! A place in the decoded text.
//!
//! The text is UTF-8 that may also hold lone surrogates as three bytes each ("WTF-8" without its joining rule). All JSON
//! syntax is ASCII, so the readers go byte by byte and code points are counted only once an error needs its position.

use super::ReadError;

/// Decoded text and how far it has been read.
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Starts at the beginning of `text`.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// The byte offset of what comes next.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Everything not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next byte, left in place.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Steps over `count` bytes.
    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.text.len());
    }

    /// Steps over `token` if it comes next, and says whether it did.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token.as_bytes());
        if found {
            self.skip(token.len());
        }
        found
    }

    /// Steps over what JSON calls whitespace, which is less than what Unicode does.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The error at the place reached.
    pub(super) fn invalid(&self, error: &'static str) -> ReadError {
        self.invalid_at(self.at, error)
    }

    /// The error at a byte offset, which is turned into code points.
    pub(super) fn invalid_at(&self, offset: usize, error: &'static str) -> ReadError {
        let starts_character = |byte: &&u8| **byte & 0xc0 != 0x80;
        let position = self
            .text
            .iter()
            .take(offset)
            .filter(starts_character)
            .count();
        ReadError::Invalid { position, error }
    }
}
