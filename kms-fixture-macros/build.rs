//! Finds the sources that this crate shares with `kms-fixture`.
//!
//! `src/model` is a link to the library's folder, `src/api/words.rs` one to the library's file. If Git writes links
//! as plain texts, the crate reads the library's files by their paths in the repository. A packaged crate contains the
//! files instead of the links.

fn main() {
    println!("cargo::rerun-if-changed=src/model");
    println!("cargo::rustc-check-cfg=cfg(without_links)");
    if !std::path::Path::new("src/model").is_dir() {
        println!("cargo::rustc-cfg=without_links");
    }
}
