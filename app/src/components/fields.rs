//! Form fields' common parts.

use leptos::prelude::*;

/// The message under a field, tied to it by `aria-describedby`.
pub fn field_error(id: impl Into<String>, message: Option<String>) -> impl IntoView {
    let id = id.into();
    message.map(|text| view! { <div class="error" id=id><span aria-hidden="true">"✕"</span><span>{text}</span></div> })
}

/// The problems of a form in one place at its top, each a link to its field.
pub fn error_list(problems: Vec<(String, String)>) -> impl IntoView {
    error_note("Nothing was saved.", problems, None)
}

/// The same, where something else did not happen, or for a reason that is no field's.
pub fn error_note(
    what: &'static str,
    problems: Vec<(String, String)>,
    refused: Option<String>,
) -> impl IntoView {
    (!problems.is_empty() || refused.is_some()).then(|| {
        let listed = (!problems.is_empty()).then(|| {
            let items: Vec<_> = problems
                .into_iter()
                .map(|(field, text)| view! { <li><a href=format!("#{field}")>{text}</a></li> })
                .collect();
            view! { <ul>{items}</ul> }
        });
        let correct = if listed.is_some() { " Please correct:".to_owned() } else { String::new() };
        let refused = refused.map(|why| format!(" {why}")).unwrap_or(correct);
        view! { <div class="note bad" role="alert"><p><b>{what}</b>{refused}</p>{listed}</div> }
    })
}

/// Why somebody does something: one line, for the history. It may stay empty.
pub fn reason_field(typed: &str) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for="reason">"Reason "<span class="muted">"(optional, for the record)"</span></label>
            <input type="text" id="reason" name="reason" value=typed.to_owned() autocomplete="off"
                maxlength=portal::REASON_CHARS_MAX.to_string()/>
        </div>
    }
}

/// An `<option>`.
pub fn select_option(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> impl IntoView {
    view! { <option value=value.into() selected=chosen>{label.into()}</option> }
}

/// The children of a `<textarea>`. The server side of the framework writes them unescaped, so they are
/// escaped here; a first line break would be swallowed by the browser, so one is put before it.
pub fn textarea(text: &str) -> impl IntoView + use<> {
    format!("\n{}", crate::timeline::escape(text))
}

/// A host, a URI or the like, which may go on in another line after its dots and signs, rather than amid a word.
pub fn breakable(text: &str) -> impl IntoView + use<> {
    let piece = |piece: &str| view! { {piece.to_owned()}<wbr/> };
    text.split_inclusive(['.', '@', ';']).map(piece).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_breaks_after_its_dots_and_stays_the_same_text() {
        let html = view! { <b>{breakable("sip:a@pbx.example.com:5060")}</b> }.to_html();
        assert!(html.contains("a@<wbr>") && html.contains("pbx.<wbr>"), "{html}");
        assert_eq!(html.replace("<wbr>", "").replace("<!>", ""), "<b>sip:a@pbx.example.com:5060</b>");
    }

    #[test]
    fn pasted_text_cannot_end_its_textarea() {
        let html = view! { <textarea>{textarea("</textarea><script>x</script>")}</textarea> }.to_html();
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"), "{html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
    }
}
