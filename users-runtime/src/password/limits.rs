//! The maximum cost of a stored hash.

use super::{bcrypt_form::BcryptForm, phc::Argon2Form};

/// The maximum cost of a *stored* hash. A hash with a higher cost is [`Verdict::Wrong`](super::Verdict::Wrong) and logged as a
/// warning, so that an imported or tampered row cannot stop the server.
///
/// New hashes are not subject to the limits: their parameters are the application's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HashLimits {
    /// The largest argon2 memory cost `m`, in KiB. The default is 1 GiB (1 048 576).
    pub argon2_memory_kib: u32,
    /// The largest argon2 work: memory cost in KiB times passes `t`. The default is 2²⁴, which is 85 hashes of the default
    /// parameters and about ten seconds.
    pub argon2_work_kib: u64,
    /// The largest bcrypt cost. The default is 16, which is about five seconds.
    pub bcrypt_cost: u32,
}

impl HashLimits {
    /// The default limits.
    pub const DEFAULT: Self = Self {
        argon2_memory_kib: 1 << 20,
        argon2_work_kib: 1 << 24,
        bcrypt_cost: 16,
    };

    pub(super) fn allow_argon2(&self, form: &Argon2Form) -> bool {
        form.memory_kib <= self.argon2_memory_kib
            && u64::from(form.memory_kib) * u64::from(form.passes) <= self.argon2_work_kib
    }

    pub(super) fn allow_bcrypt(&self, form: &BcryptForm) -> bool {
        form.cost <= self.bcrypt_cost
    }
}

impl Default for HashLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
