//! A CSV that is uploaded, and what comes of it.

use super::*;

#[tokio::test]
async fn an_import_confirmed_twice_is_done_once_and_says_so() {
    let desk = Desk::with_sample().await;
    let body = parts(&format!("number\n{NEW_DID}\n"), "");
    let staged = desk.send("POST", urls::IMPORT, &[("content-type", UPLOAD)], &body).await;
    let review = staged.header(header::LOCATION).to_owned();
    assert!(review.starts_with(urls::IMPORT), "{} {}", staged.code, staged.body);
    let (_, version) = desk.did().await;
    let confirm = format!("as_of={version}");
    let first = desk.post(&review, &confirm).await;
    assert!(first.header(header::LOCATION).starts_with("/activity/"), "{}", first.body);
    let second = desk.post(&review, &confirm).await;
    assert_eq!((second.code, second.header(header::LOCATION)), (303, "/dids/manage?problem=import-done"));
    assert!(desk.get("/dids/manage?problem=import-done").await.body.contains("already imported"));
}

#[tokio::test]
async fn the_review_of_an_import_names_the_saved_cases_that_it_breaks() {
    let desk = Desk::with_sample().await;
    let (did, _) = desk.did().await;
    for (failover, breaks) in [("none", true), ("mobile", false)] {
        let body = parts(&format!("number,failover\n{did},{failover}\n{NEW_DID},{failover}\n"), "");
        let staged = desk.send("POST", urls::IMPORT, &[("content-type", UPLOAD)], &body).await;
        let review = desk.get(staged.header(header::LOCATION)).await;
        assert_eq!(review.code, 200);
        for phrase in ["Saved cases that it breaks", "Fiber cut: Seattle still answers, over LTE"] {
            assert_eq!(review.body.contains(phrase), breaks, "{failover}: {}", review.body);
        }
    }
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_refused_with_how_much_is_read() {
    let desk = Desk::with_sample().await;
    let blank = "\n".repeat(portal::IMPORT_BYTES_MAX + BODY_BYTES_MAX);
    for (body, phrase) in [
        (parts(&blank, ""), "larger than 128 MiB"),
        (parts("", &"x".repeat(4 * 1024 * 1024 + 1)), "More than 4 MiB were pasted"),
    ] {
        let answer = desk.send("POST", urls::IMPORT, &[("content-type", UPLOAD)], &body).await;
        assert_eq!(answer.code, 413, "{}", answer.body);
        assert!(answer.body.contains(phrase), "{}", answer.body);
    }
}

/// No database takes part, so that the clock can be wound on.
#[tokio::test(start_paused = true)]
async fn an_upload_that_falls_silent_is_given_up() {
    use crate::http::extract::{Uploaded, cut_short};
    use crate::http::patience;
    let upload = axum::routing::post(async |Uploaded(mut parts): Uploaded| {
        parts.next_field().await.map(drop).map_err(|error| cut_short(&error))
    });
    let layer = tower_http::timeout::RequestBodyTimeoutLayer::new(patience::UPLOAD_SILENCE_MAX);
    let router: Router = Router::new().route("/", upload.layer::<_, std::convert::Infallible>(layer));
    let body = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = Request::post("/").header("content-type", UPLOAD).body(body).unwrap();
    let begun = tokio::time::Instant::now();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    assert!(begun.elapsed() >= patience::UPLOAD_SILENCE_MAX, "{:?}", begun.elapsed());
}
