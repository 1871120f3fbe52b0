//! `tel:` links (RFC 3966): what is copied from a web page or a ticket.

use super::refusal::strip_prefix_ignoring_case;

/// The number of a `tel:` link as it is written there, without its parameters; any other text as it is.
///
/// It is for searches. A form refuses the link and says so: what is saved should be what was typed.
pub fn number_of_tel(text: &str) -> &str {
    let text = text.trim();
    match strip_prefix_ignoring_case(text, "tel:") {
        Some(rest) => rest.split(';').next().unwrap_or_default().trim(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_its_number_and_other_text_stays() {
        for (text, expected) in [
            ("tel:+1-206-555-0100", "+1-206-555-0100"),
            (" TEL:0100;phone-context=+1206555 ", "0100"),
            ("tel:", ""),
            ("+12065550100", "+12065550100"),
            (" hotel: 5;b", "hotel: 5;b"),
            ("te", "te"),
        ] {
            assert_eq!(number_of_tel(text), expected, "{text}");
        }
    }
}
