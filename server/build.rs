//! A new file in `target/site` must re-embed the site.
fn main() {
    println!("cargo::rerun-if-changed=../target/site");
}
