//! Hooks that fail: what the client is told, what happened nevertheless, and that nothing of the failure reaches anybody.

mod failing;
mod slow;
