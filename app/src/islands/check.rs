//! The route form, checked as it is typed by the same core that checks it on the server.

use leptos::prelude::*;
use routing::{Alias, Destination, Dialling, RouteKind, RouteTarget};

/// What the core says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing typed yet.
    Empty,
    /// Right; the canonical form, and what to be careful about.
    Right(String, Vec<String>),
    /// Wrong; what would be right.
    Wrong(String),
    /// Only the server has the tables for letters outside ASCII.
    Later,
}

/// Judges a route value of a type, of an account that may ring where it says; `None` for a value that rings there already. A
/// type that does not exist is judged by the server.
pub fn judge_value(kind: &str, text: &str, country: &str, allowed: Option<&[String]>) -> Verdict {
    let (Ok(kind), Some(dialling)) = (kind.parse::<RouteKind>(), Dialling::of(country)) else {
        return Verdict::Later;
    };
    if text.trim().is_empty() {
        return Verdict::Empty;
    }
    match RouteTarget::parse(kind, text, &dialling) {
        Ok(target) => {
            let barred = allowed
                .and_then(|allowed| barred(&target, allowed))
                .map(|where_to| format!("Your account does not allow calls to {} yet.", where_to.name()));
            let mut cautions: Vec<String> = target.cautions().iter().map(ToString::to_string).collect();
            cautions.extend(barred);
            Verdict::Right(target.canonical(), cautions)
        }
        Err(error) if error.code() == "needs_tables" => Verdict::Later,
        Err(error) => Verdict::Wrong(with_place(&error.to_string(), error.position())),
    }
}

/// Where a phone number is, if calls there would have to be allowed first.
fn barred(target: &RouteTarget, allowed: &[String]) -> Option<Destination> {
    let RouteTarget::Phone(number) = target else { return None };
    Destination::all_of(*number).find(|where_to| !allowed.contains(&where_to.to_string()))
}

/// Judges an alias.
pub fn judge_alias(text: &str) -> Verdict {
    if text.trim().is_empty() {
        return Verdict::Empty;
    }
    match Alias::parse(text) {
        Ok(alias) => Verdict::Right(alias.to_string(), Vec::new()),
        Err(error) => Verdict::Wrong(with_place(&error.to_string(), error.position())),
    }
}

/// A sentence with the place it speaks of.
pub fn with_place(sentence: &str, position: Option<usize>) -> String {
    match position {
        Some(at) => format!("{sentence} (at character {})", at + 1),
        None => sentence.to_owned(),
    }
}

/// Which field is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Checked {
    /// `#alias`
    Alias,
    /// `#value`, by the type chosen in `#kind`
    Value,
}

/// The line under a field that says, while it is typed, whether it is right.
#[island]
pub fn Check(
    /// Which field.
    field: Checked,
    /// Whose national numbers are understood, ISO code.
    country: String,
    /// Where phone numbers may be, by the stable names of destinations.
    allowed: Vec<String>,
) -> impl IntoView {
    let verdict = RwSignal::new(Verdict::Empty);
    #[cfg(feature = "hydrate")]
    browser::follow(field, (country, allowed), verdict);
    #[cfg(not(feature = "hydrate"))]
    let _ = (field, country, allowed);
    let words = Memo::new(move |_| match verdict.get() {
        Verdict::Later => ("help", "This will be checked when it is saved.".to_owned()),
        Verdict::Wrong(sentence) => ("error", format!("✕ {sentence}")),
        Verdict::Right(_, cautions) if !cautions.is_empty() => {
            ("caution", format!("! {}", cautions.join(" ")))
        }
        Verdict::Right(canonical, _) if field == Checked::Value => ("ok", format!("✓ {canonical}")),
        Verdict::Empty | Verdict::Right(..) => ("", String::new()),
    });
    let id = match field {
        Checked::Alias => "alias-live",
        Checked::Value => "value-live",
    };
    view! {
        <div aria-live="polite" id=id>
            <div class=move || words.read().0>{move || words.read().1.clone()}</div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement};

    use super::{Checked, Verdict, judge_alias, judge_value};
    use crate::islands::dom;

    pub(super) fn follow(
        field: Checked,
        (country, allowed): (String, Vec<String>),
        verdict: RwSignal<Verdict>,
    ) {
        let selector = match field {
            Checked::Alias => "#alias",
            Checked::Value => "#value",
        };
        let Some(input) = dom::find::<HtmlInputElement>(selector) else { return };
        let kind = dom::find::<HtmlSelectElement>("#kind");
        let judge = {
            let (input, kind) = (input.clone(), kind.clone());
            move || {
                // What the server said of the earlier text no longer holds.
                if let Some(old) = dom::find::<HtmlElement>(&format!("{selector}-error")) {
                    old.set_hidden(true);
                }
                let text = input.value();
                let found = match field {
                    Checked::Alias => judge_alias(&text),
                    Checked::Value => judge_value(
                        &kind.as_ref().map(HtmlSelectElement::value).unwrap_or_default(),
                        &text,
                        &country,
                        // As it is stored, it stays.
                        (text != input.default_value()).then_some(&allowed),
                    ),
                };
                let wrong = matches!(found, Verdict::Wrong(_));
                dom::attribute(&input, "aria-invalid", wrong.then_some("true"));
                verdict.set(found);
            }
        };
        if let (Some(kind), Checked::Value) = (kind, field) {
            let judge = judge.clone();
            dom::on(&kind, "change", move |_: Event| judge());
        }
        let again = judge.clone();
        dom::on(&input, "input", move |_: Event| judge());
        // A browser that went back restores what was typed after this ran.
        dom::on(&dom::window(), "pageshow", move |_: Event| {
            if dom::find::<HtmlElement>(&format!("{selector}-error")).is_none() {
                again();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_judged_as_the_server_will_judge_it() {
        for (kind, text, right) in [
            ("host", "pbx.example.com:5080", true),
            ("host", "user@pbx.example.com", false),
            ("phone", "(206) 555-0100", true),
            ("phone", "911", false),
            ("uri", "sips:ops@pbx.example.com", true),
            ("uri", "tel:+12065550100", false),
        ] {
            let verdict = judge_value(kind, text, "US", Some(&[]));
            assert_eq!(matches!(verdict, Verdict::Right(..)), right, "{kind} {text}: {verdict:?}");
        }
        assert_eq!(judge_value("host", "  ", "US", Some(&[])), Verdict::Empty);
        assert_eq!(judge_value("fax", "x", "US", Some(&[])), Verdict::Later);
    }

    #[test]
    fn a_number_where_the_account_may_not_ring_is_right_with_a_caution() {
        let allowed = ["+1".to_owned(), "+44".to_owned()];
        for (text, barred) in [
            ("206 555 0100", None),
            ("+442079460000", None),
            ("+5371234567", Some("Cuba")),
            ("+18765550100", Some("Jamaica")),
            ("+19005550100", Some("Premium-rate numbers")),
        ] {
            let Verdict::Right(_, cautions) = judge_value("phone", text, "US", Some(&allowed)) else {
                panic!("{text}")
            };
            let said =
                |name: &str| cautions.iter().any(|words| words.contains(&format!("calls to {name} yet")));
            assert_eq!(
                barred.is_none(),
                !cautions.iter().any(|words| words.contains("allow")),
                "{text}: {cautions:?}"
            );
            assert!(barred.is_none_or(said), "{text}: {cautions:?}");
        }
    }
}
