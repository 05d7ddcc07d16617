//! What is measured, and how many times the CPU time of the server by hand it may take.

use crate::ours::Setup;

/// A request that is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// `GET /users/me` with a token of this backend.
    Me(&'static str),
    /// `POST /auth/jwt/login`
    LogIn,
    /// `POST /auth/register`
    Register,
    /// `PATCH /users/me` with a new address.
    Change,
    /// `POST /auth/forgot-password` for a user.
    ForgotKnown,
    /// `POST /auth/forgot-password` for an address that no user has.
    ForgotUnknown,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) setup: Setup,
    pub(crate) work: Work,
    pub(crate) connections: usize,
    /// How many clients log in at the same time without a pause. The row then compares the 99th percentile of the latency, not the CPU
    /// time, of which the logins take most.
    pub(crate) logins: usize,
    pub(crate) goal: f64,
}

const fn row(name: &'static str, setup: Setup, work: Work, connections: usize, goal: f64) -> Row {
    Row {
        name,
        setup,
        work,
        connections,
        logins: 0,
        goal,
    }
}

const fn beside_logins(mut row: Row, logins: usize) -> Row {
    row.logins = logins;
    row
}

use Setup::{Default, Preset, Reversed};
use Work::{Change, ForgotKnown, ForgotUnknown, LogIn, Me, Register};

/// Every row; those of start and memory follow. In FastAPI Users' mode a known address has no row of `forgot`: its tokens have a hash of
/// the password's hash in them, which is made after the answer.
pub(crate) const ROWS: &[Row] = &[
    row("me, JWT, 1 connection", Preset, Me("jwt"), 1, 1.15),
    row("me, JWT, first of four", Preset, Me("jwt"), 32, 1.15),
    row("me, JWT, last of four", Reversed, Me("jwt"), 32, 1.15),
    row("me, JWT, own mode", Default, Me("jwt"), 32, 1.15),
    row("me, JWT, 256 connections", Preset, Me("jwt"), 256, 1.15),
    row("me, session, second", Preset, Me("session"), 32, 1.15),
    row("me, session, third", Reversed, Me("session"), 32, 1.15),
    row("me, database, second", Reversed, Me("db"), 32, 1.15),
    row("me, database, third", Preset, Me("db"), 32, 1.15),
    row("me, Redis, first of four", Reversed, Me("redis"), 32, 1.2),
    row("me, Redis, last of four", Preset, Me("redis"), 32, 1.2),
    beside_logins(
        row("p99 of me beside 8 logins, ms", Preset, Me("jwt"), 8, 1.1),
        8,
    ),
    row("login", Preset, LogIn, 4, 1.03),
    row("login, own mode", Default, LogIn, 4, 1.03),
    row("register", Preset, Register, 4, 1.03),
    row("PATCH /users/me", Preset, Change, 4, 1.3),
    row("PATCH /users/me, own mode", Default, Change, 4, 1.3),
    row("forgot, unknown", Preset, ForgotUnknown, 16, 1.2),
    row("forgot, unknown, own mode", Default, ForgotUnknown, 16, 1.2),
    row("forgot, known, own mode", Default, ForgotKnown, 16, 1.2),
];

/// Milliseconds from the start of the process to the first answer.
pub(crate) const START: f64 = 30.0;
/// Resident memory of a server that has answered one request, in MiB.
pub(crate) const IDLE: f64 = 8.0;
