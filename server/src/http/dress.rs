//! What is done to a page before it leaves: an account's links get the account's prefix, and who may only look finds
//! no button that would change something, and no way to a form that has one. (What an undo would put back may be seen.)
//!
//! Pages are written as if there was one account and one kind of reader. A parser of HTML sees to the rest, in one
//! place, so that no page can forget it. The pages of who belongs to one account and may change it pass untouched.

use app::{Access, urls};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use routing::AccountId;

use super::{asked::Asked, site};

/// The largest page that is dressed; downloads are none.
const PAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// What a button says that its reader may not press.
const MAY_NOT: &str = "You may look at this account, not change it.";

/// Dresses the page that answers a request.
pub(super) async fn dressed(request: Request, next: Next) -> Response {
    let asked = Asked::of(request.extensions());
    let mut response = next.run(request).await;
    if let Some(account) = asked.account
        && let Some(location) = response.headers().get(header::LOCATION).and_then(|l| l.to_str().ok())
        && let Ok(location) = HeaderValue::from_str(&urls::mounted(account, location))
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    let access = asked.known.get().and_then(|known| known.frame.reader.as_ref()).map(|reader| reader.access);
    let looks_only = matches!(access, Some(Access::Read | Access::Visit));
    if let Some(Access::Visit | Access::VisitAndWrite) = access {
        // A page that is fetched because the pointer rests on its link would be on record as looked at.
        response.headers_mut().remove(site::SPECULATION_RULES);
    }
    if (asked.account.is_none() && !looks_only) || !is_page(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let dressed = match to_bytes(body, PAGE_BYTES_MAX).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            tracing::error!(%error, "a page could not be read to be dressed");
            String::new()
        }
    };
    let dressed = dress(&dressed, asked.account, looks_only);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(dressed))
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// The page, with the prefix on its links and without what its reader may not press.
fn dress(page: &str, account: Option<AccountId>, looks_only: bool) -> String {
    let mut handlers = Vec::new();
    if let Some(account) = account {
        for (selector, attribute) in
            [("a[href]", "href"), ("form[action]", "action"), ("button[formaction]", "formaction")]
        {
            handlers.push(element!(selector, move |element| {
                if let Some(address) = element.get_attribute(attribute) {
                    // As it stands in the page: `&amp;` stays `&amp;`.
                    element.set_attribute(attribute, &urls::mounted(account, &address))?;
                }
                Ok(())
            }));
        }
        // Shortcuts and the desk go by it.
        handlers.push(element!("html", move |element| {
            element.set_attribute("data-mount", &urls::mount(account))?;
            Ok(())
        }));
    }
    if looks_only {
        // What concerns the reader alone is theirs to press, and what is no change of the configuration.
        for selector in ["form[method=post]:not([data-outside]) button", "button[formmethod=post]"] {
            handlers.push(element!(selector, |element| {
                element.set_attribute("disabled", "")?;
                element.set_attribute("title", MAY_NOT)?;
                Ok(())
            }));
        }
        // Ways to a form that they could not send.
        handlers.push(element!("[data-writes]", |element| {
            element.remove();
            Ok(())
        }));
    }
    let settings = handlers
        .into_iter()
        .fold(RewriteStrSettings::new(), RewriteStrSettings::append_element_content_handler);
    match rewrite_str(page, settings) {
        Ok(dressed) => dressed,
        Err(error) => {
            // Links without a prefix lead to the choice of an account: nothing is shown of another one.
            tracing::error!(%error, "a page could not be dressed");
            page.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><a href=\"/dids/manage?a=1&amp;b=2\">x</a><a href=\"#top\">t</a>\
        <a href=\"/you\">y</a><form action=\"/dids/1\" method=\"post\"><button formaction=\"/preview\">b</button></form>\
        <form method=\"post\" action=\"/sign-out\" data-outside=\"\"><button>out</button></form>\
        <form method=\"get\" action=\"/dids/manage\"><button>s</button></form>\
        <a data-writes=\"\" href=\"/dids/import\">Import</a>\
        <p>href=\"/not/a/link\" &lt;a href=\"/x\"&gt;</p><textarea>\n<a href=\"/typed\"></textarea>";

    #[test]
    fn links_get_the_accounts_prefix_and_what_people_typed_stays() {
        let page = dress(PAGE, Some(AccountId(7)), false);
        for expected in [
            "<html lang=\"en\" data-mount=\"/accounts/7\">",
            "<a href=\"/accounts/7/dids/manage?a=1&amp;b=2\">",
            "<a href=\"#top\">",
            "<a href=\"/you\">",
            "<form action=\"/accounts/7/dids/1\" method=\"post\"><button formaction=\"/accounts/7/preview\">b",
            "action=\"/sign-out\"",
            "<p>href=\"/not/a/link\" &lt;a href=\"/x\"&gt;</p><textarea>\n<a href=\"/typed\"></textarea>",
        ] {
            assert!(page.contains(expected), "{expected}: {page}");
        }
        assert!(!page.contains("disabled") && page.contains("Import"));
    }

    #[test]
    fn who_may_only_look_finds_the_buttons_that_change_something_switched_off() {
        let page = dress(PAGE, None, true);
        assert!(page.contains("<button formaction=\"/preview\" disabled=\"\" title="), "{page}");
        assert!(page.contains("<button>out</button>") && page.contains("<button>s</button>"), "{page}");
        assert!(page.contains("href=\"/dids/manage?a=1&amp;b=2\"") && !page.contains("Import"));
    }
}
