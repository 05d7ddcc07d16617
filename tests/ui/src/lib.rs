//! Nothing: the cases stand in `fail` and `pass`, and `tests/cases.rs` compiles them.
//!
//! Each case of `fail` has what the compiler says beside it. After a change that is meant to change a message, write the messages
//! anew with `TRYBUILD=overwrite cargo test -p users-ui-tests`, and read every difference: a message must stand at the user's own
//! token, say how to mend it, and stand alone.
