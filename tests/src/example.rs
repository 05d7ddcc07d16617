//! Where the examples are.

use std::{env, path::PathBuf, process::Command};

/// The example, built by the profile and into the folder of this test's own program.
pub fn example_binary(name: &str) -> PathBuf {
    let own = env::current_exe().expect("this program");
    let profile = own.ancestors().nth(2).expect("the folder of the profile");
    let target = profile.parent().expect("the target folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked", "--package", name, "--target-dir"]).arg(target);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().expect("cargo").success(), "`{name}` is not built");
    profile.join(name)
}
