//! The numbers that a URI's user part can be taken for.

use super::country::Dialling;
use super::number::E164;
use super::refusal::strip_prefix_ignoring_case;
use super::uri::{Parameter, SipUri};

/// Every number that somebody between us and the telephone network could read in the user part, the likeliest
/// first: as dialled in the account's country, with a plus that was left out, and in North American form,
/// which our own edges read.
pub(super) fn readings(uri: &SipUri, dialling: Dialling) -> impl Iterator<Item = E164> {
    let user = uri.user_unescaped();
    let context = uri.parameter("phone-context").and_then(Parameter::value);
    texts(&user, context)
        .into_iter()
        .flatten()
        .filter_map(move |(text, dialled)| match dialled {
            Some(Home::Account) => E164::parse_dialled(&text, &dialling).ok(),
            Some(Home::NorthAmerica) => E164::parse_dialled(&text, &Dialling::default()).ok(),
            None => E164::parse(&text).ok(),
        })
}

/// In whose manner a text is read; with a plus it does not matter.
#[derive(Clone, Copy)]
enum Home {
    Account,
    NorthAmerica,
}

fn texts(user: &str, context: Option<&str>) -> [Option<(String, Option<Home>)>; 6] {
    let mut parts = user.split(';');
    let number = parts.next().unwrap_or_default();
    // `tel:` and `sip:` before the number do not hide it.
    let number = ["tel:", "sips:", "sip:"].iter().find_map(|s| strip_prefix_ignoring_case(number, s)).unwrap_or(number);
    let number = number.split('@').next().unwrap_or_default();
    let context = parts.find_map(|part| strip_prefix_ignoring_case(part, "phone-context=")).or(context);
    let bare = number.trim_start_matches('0');
    [
        Some((number.to_owned(), Some(Home::Account))),
        // RFC 3966 §5.1.4: a local number and the global one that it belongs to.
        context.filter(|context| context.starts_with('+')).map(|context| (format!("{context}{bare}"), None)),
        Some((format!("+{bare}"), None)),
        Some((number.to_owned(), Some(Home::NorthAmerica))),
        number.strip_prefix("00").map(|rest| (format!("+{rest}"), None)),
        number.strip_prefix("011").map(|rest| (format!("+{rest}"), None)),
    ]
}
