//! What a browser with an empty cache fetches to show Manage your DIDs.

use std::collections::BTreeSet;

use super::pages::MANAGE;
use crate::Outcome;
use crate::html::tags;
use crate::http::Accept;
use crate::report::{Row, bytes};
use crate::server::Server;

const BYTES_MAX: u64 = 150_000;
const REQUESTS_MAX: usize = 12;

pub(super) fn rows(server: &Server) -> Outcome<Vec<Row>> {
    let mut connection = server.connect()?;
    let mut left = vec![MANAGE.to_owned()];
    let mut fetched = BTreeSet::new();
    let mut sizes = Vec::new();
    while let Some(path) = left.pop() {
        if !fetched.insert(path.clone()) {
            continue;
        }
        let wire = connection.get(&path, Accept::Brotli)?.wire;
        sizes.push((wire, path.clone()));
        if path.ends_with(".svg") || path.ends_with(".wasm") || path.ends_with(".css") {
            continue;
        }
        let plain = connection.get(&path, Accept::Plain)?;
        left.extend(if path.ends_with(".js") {
            named_in_script(plain.text()?, &path)
        } else {
            linked_in(plain.text()?)
        });
    }
    let foreign = fetched.iter().filter(|path| !path.starts_with('/') || path.starts_with("//")).count();
    let all = sizes.iter().map(|(wire, _)| wire).sum();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let largest: Vec<String> =
        sizes.iter().map(|(wire, path)| format!("{} {}", name(path), bytes(*wire))).collect();
    Ok(vec![
        Row::new(
            "first load of Manage, over the wire",
            bytes(all),
            format!("with heads: {}", largest.join(", ")),
        )
        .within("≤ 150 kB, brotli", all <= BYTES_MAX),
        Row::new(
            "first load of Manage, requests",
            sizes.len().to_string(),
            format!("{foreign} of them to third parties"),
        )
        .within("≤ 12, no third party", sizes.len() <= REQUESTS_MAX && foreign == 0),
    ])
}

/// What a page's head has a browser fetch.
fn linked_in(page: &str) -> Vec<String> {
    tags(page)
        .filter_map(|tag| match tag {
            link if link.is("link") => link.attribute("href"),
            other => other.attribute("src"),
        })
        .collect()
}

/// The files that a module fetches from beside itself: `from "./switchback.js"`, `new URL("./x.wasm", …)`. The same
/// text as a key of an object is only a name.
fn named_in_script(script: &str, path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut named = Vec::new();
    for (at, _) in script.match_indices("./") {
        let (before, after) = (&script[..at], &script[at + 2..]);
        let Some(quote @ ('"' | '\'')) = before.chars().next_back() else { continue };
        let before = before[..before.len() - 1].trim_end();
        let fetches = ["from", "import", "("].iter().any(|word| before.ends_with(word));
        if let Some((name, _)) = after.split_once(quote).filter(|_| fetches) {
            named.push(format!("{folder}/{name}"));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_head_and_a_module_name_is_followed() {
        let page = "<head><link rel=\"icon\" href=\"/a/f.svg\"/><script type=\"module\" src=\"/a/start.js\"></script></head>\
            <a href=\"/elsewhere\">x</a>";
        assert_eq!(linked_in(page), ["/a/f.svg", "/a/start.js"]);
        let script = "import init from \"./x.js\"; import y from './snippets/y.js'; new URL(\"./x_bg.wasm\", u); return { \"./z.js\": y }";
        assert_eq!(named_in_script(script, "/a/start.js"), ["/a/x.js", "/a/snippets/y.js", "/a/x_bg.wasm"]);
    }
}
