//! Shared helpers of the HTTP suites.
