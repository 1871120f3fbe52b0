//! Reads our own pages: their tags and the forms in them. Pages are followed as a browser would follow them, so that
//! a renamed field cannot quietly turn a measure into one of an error page.

use crate::Outcome;

/// The opening tags of a page, in order.
pub(crate) fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    page.split('<').skip(1).filter_map(|rest| {
        let end = end_of_tag(rest)?;
        Some(Tag { text: &rest[..end], after: &rest[end + 1..] })
    })
}

/// Where the tag ends: a `>` in an attribute's value is not its end.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quoted = false;
    rest.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

/// One opening tag.
#[derive(Clone, Copy)]
pub(crate) struct Tag<'a> {
    text: &'a str,
    /// The text between it and the next tag.
    pub(crate) after: &'a str,
}

impl Tag<'_> {
    /// Whether it is of this element.
    pub(crate) fn is(&self, element: &str) -> bool {
        self.text.split([' ', '/', '\n']).next() == Some(element)
    }

    /// An attribute's value.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.text;
        // Between the quotes stand values, outside of them names.
        while let Some((before, quoted)) = rest.split_once('"') {
            let (value, after) = quoted.split_once('"')?;
            let named = before.trim_end_matches('=').rsplit([' ', '\n']).next();
            if before.ends_with('=') && named == Some(name) {
                return Some(unescape(value));
            }
            rest = after;
        }
        None
    }
}

fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

/// A form: its hidden fields, and the options of its drop-downs.
pub(crate) struct Form {
    /// What is sent whatever one types.
    pub(crate) hidden: Vec<(String, String)>,
    options: Vec<DropDownOption>,
}

struct DropDownOption {
    field: String,
    value: String,
    label: String,
}

impl Form {
    /// The page's form with this method whose action begins so.
    pub(crate) fn of(page: &str, method: &str, action: &str) -> Outcome<Form> {
        let (mut hidden, mut options) = (Vec::new(), Vec::new());
        let mut field = String::new();
        let mut tags = tags(page).skip_while(|tag| {
            let leads = tag.attribute("action").is_some_and(|to| to.starts_with(action));
            !(tag.is("form") && leads && tag.attribute("method").as_deref() == Some(method))
        });
        tags.next().ok_or_else(|| format!("the page has no form that sends {method} to {action}"))?;
        for tag in tags.take_while(|tag| !tag.text.starts_with("/form")) {
            let named = tag.attribute("name").unwrap_or_default();
            let value = tag.attribute("value").unwrap_or_default();
            if tag.is("input") && tag.attribute("type").as_deref() == Some("hidden") {
                hidden.push((named, value));
            } else if tag.is("select") {
                field = named;
            } else if tag.is("option") {
                options.push(DropDownOption {
                    field: field.clone(),
                    value,
                    label: unescape(tag.after.trim()),
                });
            }
        }
        Ok(Form { hidden, options })
    }

    /// The form as sent after choosing the first option whose label begins so.
    pub(crate) fn choosing(&self, label: &str) -> Outcome<Vec<(String, String)>> {
        let chosen = self.options.iter().find(|option| option.label.starts_with(label));
        let chosen = chosen.ok_or_else(|| format!("no drop-down of the form offers {label}"))?;
        let mut fields = self.hidden.clone();
        fields.push((chosen.field.clone(), chosen.value.clone()));
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><head><link rel=\"stylesheet\" href=\"/a.css?x=1&amp;y=2\"/></head>\
        <form method=\"get\" action=\"/do\"><input type=\"hidden\" name=\"no\" value=\"1\"/></form>\
        <form class=\"c\" method=\"post\" action=\"/do/it\"><input type=\"hidden\" name=\"as_of\" value=\"7\"/>\
        <input type=\"text\" name=\"reason\"/><select id=\"route\" name=\"to\" required>\
        <option value=\"\" selected>Choose</option><option value=\"3\">pbx &gt; one &amp; two (host)</option></select>\
        </form><input type=\"hidden\" name=\"after\" value=\"1\"/>";

    #[test]
    fn a_form_is_sent_with_its_hidden_fields_and_the_choice() {
        let form = Form::of(PAGE, "post", "/do").unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(form.hidden, [pair("as_of", "7")]);
        assert_eq!(form.choosing("pbx > one").unwrap(), [pair("as_of", "7"), pair("to", "3")]);
        assert!(form.choosing("other").is_err());
        assert!(Form::of(PAGE, "post", "/other").is_err());
    }

    #[test]
    fn attributes_are_read_by_their_whole_name() {
        let link = tags(PAGE).find(|tag| tag.is("link")).unwrap();
        assert_eq!(link.attribute("href").as_deref(), Some("/a.css?x=1&y=2"));
        assert_eq!(link.attribute("rel").as_deref(), Some("stylesheet"));
        assert_eq!(link.attribute("ref"), None);
    }
}
