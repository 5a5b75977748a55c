//! A new migration is compiled in without anything else being touched.
#![allow(clippy::print_stdout)] // how a build script speaks to cargo

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
