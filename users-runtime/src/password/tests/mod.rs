//! The hashers against hashes that argon2-cffi and Python's bcrypt made, and the pool under load.

mod argon2_bcrypt;
mod pepper;
mod pool;
mod queue;
