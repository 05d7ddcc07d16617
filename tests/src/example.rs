//! Where the examples are.

use std::{env, path::PathBuf, process::Command};

/// The example, built by the profile and into the folder of this test's own program.
pub fn example_binary(name: &str) -> PathBuf {
    let own = env::current_exe().expect("this program");
    let profile = own.ancestors().nth(2).expect("the folder of the profile");
    let target = profile.parent().expect("the target folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--locked", "--bin", name])
        // The features of the suites themselves: with those of the example alone, each would compile the dependencies anew.
        .args(["--workspace", "--all-features", "--target-dir"])
        .arg(target);
    // What cargo tells tests about their own package would make build scripts that look at it (ring's) run again each time.
    let is_own = |name: &str| {
        ["CARGO_MANIFEST_", "CARGO_PKG_"]
            .iter()
            .any(|about| name.starts_with(about))
    };
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_own)) {
        cargo.env_remove(name);
    }
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(
        cargo.status().expect("cargo").success(),
        "`{name}` is not built"
    );
    profile.join(name)
}
