//! The files of `target/site`, carried in the release binary and read from disk in a debug build.

use std::sync::{Arc, LazyLock};

use axum::{
    extract::{Path, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct SiteFiles;

/// The encodings that `cargo xtask site` writes beside each file, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];
/// A file's address holds the fingerprint of all files, so it never changes; in a debug build the files are read
/// from disk and change under their address.
const KEPT: &str = if cfg!(debug_assertions) { "no-cache" } else { "public, max-age=31536000, immutable" };

/// Where the files are served: `/assets/` and the fingerprint.
pub(crate) fn folder() -> Arc<str> {
    static FOLDER: LazyLock<Arc<str>> = LazyLock::new(|| format!("/assets/{}", *FINGERPRINT).into());
    FOLDER.clone()
}

/// Part of every file's address, so that a new release is fetched anew.
static FINGERPRINT: LazyLock<String> = LazyLock::new(fingerprint);

/// A fingerprint of all files.
fn fingerprint() -> String {
    // FNV-1a over the files' SHA-256: it only has to differ between releases.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for name in SiteFiles::iter() {
        if let Some(file) = SiteFiles::get(&name) {
            for byte in file.metadata.sha256_hash() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    format!("{hash:016x}")
}

/// Whether the browser's half was built in.
pub(crate) fn are_built() -> bool {
    SiteFiles::get("base_bg.wasm").is_some()
}

/// `GET /assets/{fingerprint}/{file}`
pub(crate) async fn serve(
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let name = match path {
        Ok(Path((of, name))) if of == *FINGERPRINT => name,
        // Of another release, or nonsense.
        Ok(_) | Err(_) => return absent(),
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mime = mime_of(&name);
    for (encoding, suffix) in ENCODINGS {
        if accepts(accepted, encoding)
            && let Some(file) = SiteFiles::get(&format!("{name}{suffix}"))
        {
            return answer(mime, Some(encoding), file.data.into_owned());
        }
    }
    match SiteFiles::get(&name) {
        Some(file) => answer(mime, None, file.data.into_owned()),
        None => absent(),
    }
}

/// Kept by no cache: the next release may have it.
fn absent() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

fn answer(mime: &'static str, encoding: Option<&'static str>, body: Vec<u8>) -> Response {
    let mut response = (
        [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, KEPT), (header::VARY, "accept-encoding")],
        body,
    )
        .into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}

fn mime_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/speculationrules+json",
        _ => "application/octet-stream",
    }
}

/// Whether an `Accept-Encoding` takes the coding: named, and not with `q=0` (RFC 9110 §12.5.3).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut fields = part.split(';').map(str::trim);
        fields.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && !fields.any(|f| matches!(f, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_when_it_is_named_and_not_refused() {
        for (header, coding, expected) in [
            ("gzip, deflate, br", "br", true),
            ("gzip;q=1.0, br;q=0", "br", false),
            ("BR", "br", true),
            ("", "gzip", false),
            ("brotli", "br", false),
        ] {
            assert_eq!(accepts(header, coding), expected, "{header}");
        }
    }
}
