//! Memory for hashing, kept between hashes.

use std::{fmt, mem};

use argon2::Block;

use super::HashError;

/// Working memory of a hash, reused by the next one: faulting in 64 MiB of fresh memory is a quarter of the cost of a hash.
///
/// It is wiped after each use, since its contents would let an attacker test passwords cheaply.
#[derive(Default)]
pub struct Scratch {
    blocks: Vec<Block>,
    kept: usize,
    used: usize,
}

impl Scratch {
    /// No memory yet, and at most `kept_kib` KiB of it between hashes.
    pub fn keeping(kept_kib: u32) -> Self {
        Self {
            blocks: Vec::new(),
            kept: kept_kib as usize,
            used: 0,
        }
    }

    /// This number of blocks of one KiB, with unspecified contents.
    pub(super) fn blocks(&mut self, count: usize) -> Result<&mut [Block], HashError> {
        if let Some(missing) = count.checked_sub(self.blocks.len()) {
            self.blocks
                .try_reserve_exact(missing)
                .map_err(|_| HashError::OutOfMemory)?;
            self.blocks.resize(count, Block::new());
        }
        self.used = self.used.max(count);
        Ok(&mut self.blocks[..count])
    }

    /// Whether it holds no memory.
    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Wipes what was used, and frees what is more than is kept.
    pub(super) fn wipe(&mut self) {
        let used = &mut self.blocks[..mem::take(&mut self.used)];
        // `Block::zeroize` writes one word after another, which takes twice as long.
        for block in &mut *used {
            block.as_mut().fill(0);
        }
        zeroize::optimization_barrier(used);
        if self.blocks.len() > self.kept {
            self.blocks.truncate(self.kept);
            self.blocks.shrink_to_fit();
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch")
            .field("kib", &self.blocks.len())
            .field("kept_kib", &self.kept)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Scratch;

    #[test]
    fn used_memory_is_wiped_and_only_the_kept_part_stays() {
        let mut scratch = Scratch::keeping(4);
        for block in scratch.blocks(6).expect("six KiB") {
            block.as_mut().fill(7);
        }
        scratch.wipe();
        assert_eq!(
            (
                scratch.blocks.len(),
                scratch.blocks.capacity(),
                scratch.used
            ),
            (4, 4, 0)
        );
        assert!(
            scratch
                .blocks
                .iter()
                .all(|block| block.as_ref().iter().all(|word| *word == 0))
        );
    }

    #[test]
    fn a_smaller_hash_leaves_the_larger_memory_in_place() {
        let mut scratch = Scratch::keeping(8);
        scratch.blocks(8).expect("eight KiB");
        scratch.wipe();
        assert_eq!(scratch.blocks(2).expect("two KiB").len(), 2);
        assert_eq!(scratch.blocks.len(), 8);
    }

    #[test]
    fn impossible_sizes_are_an_error() {
        assert!(Scratch::default().blocks(usize::MAX / 2048).is_err());
    }
}
