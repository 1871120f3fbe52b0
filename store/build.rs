//! Migrations are embedded when the crate is compiled, so a new file must compile it again.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
