//! Results in the XML that JUnit wrote first and every build server reads.

use std::fmt::Write;

use routing::Verdict;

use super::Results;

/// The results as one document. A case that cannot be run is an error, one that ends otherwise a failure.
pub(super) fn report(results: &Results) -> String {
    let errors = results.cases.iter().filter(|(_, _, verdict)| verdict.cell().is_none()).count();
    let tests = results.cases.len();
    let counts = format!("tests=\"{tests}\" failures=\"{}\" errors=\"{errors}\"", results.failing() - errors);
    let suite = escape(&results.suite);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(xml, "<testsuites {counts}>\n  <testsuite name=\"{suite}\" {counts}>");
    for (name, expect, verdict) in &results.cases {
        let _ = write!(xml, "    <testcase classname=\"{suite}\" name=\"{}\"", escape(name.as_str()));
        let (element, kind) = match verdict {
            Verdict::Holds(_) => {
                xml.push_str("/>\n");
                continue;
            }
            Verdict::Elsewhere(_) => ("failure", "elsewhere"),
            Verdict::TooLate(_) => ("failure", "too_late"),
            Verdict::CannotRun(_) => ("error", "cannot_run"),
        };
        let message = escape(&results.sentence(expect, verdict));
        let _ = writeln!(xml, ">\n      <{element} type=\"{kind}\" message=\"{message}\"/>\n    </testcase>");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// Text for an attribute. XML 1.0 §2.2 has no place for most control characters, in whatever form.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // As they are, they would be read as blanks (§3.3.3).
            '\t' | '\n' | '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn every_text_is_well_formed_in_an_attribute() {
        for (text, expected) in [
            ("Front desk", "Front desk"),
            ("<a & \"b\" 'c'>", "&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;"),
            ("]]>", "]]&gt;"),
            ("a\tb\r\nc", "a&#9;b&#13;&#10;c"),
            ("\u{0}\u{1b}[31m\u{ffff}", "\u{fffd}\u{fffd}[31m\u{fffd}"),
            ("accueil é 受付", "accueil é 受付"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }
}
