//! The style sheets, joined into one file in the order that `style/main.css` imports them.

use std::fs;
use std::path::Path;

use crate::Outcome;

/// Joins what `main.css` imports. Anything in it besides imports and comments is refused: it would be lost.
pub(crate) fn bundle(folder: &Path) -> Outcome<String> {
    let mut joined = String::new();
    for name in imports(&read(&folder.join("main.css"))?)? {
        joined += &minify(&read(&folder.join(&name))?);
    }
    Ok(joined)
}

fn read(file: &Path) -> Outcome<String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

fn imports(main: &str) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for line in minify(main).lines() {
        let name = line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";"));
        let name =
            name.ok_or_else(|| format!("style/main.css holds only `@import \"file.css\";`, found `{line}`"))?;
        names.push(name.trim_start_matches("./").to_owned());
    }
    Ok(names)
}

/// Drops comments, indentation and empty lines, and nothing that could carry meaning.
fn minify(css: &str) -> String {
    let text = without_comments(css);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A comment becomes a space, as the CSS syntax says; one inside a string is not a comment.
fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut quote = None;
    let mut characters = css.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                kept.push(character);
                kept.extend(characters.next());
                continue;
            }
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '/') if characters.peek() == Some(&'*') => {
                characters.next();
                let mut before = ' ';
                for inside in characters.by_ref() {
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
                kept.push(' ');
                continue;
            }
            _ => {}
        }
        kept.push(character);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minifying_drops_comments_and_white_space_but_never_a_string() {
        let rows = [
            ("a { b: c; }", "a { b: c; }\n"),
            ("/* x */\na {\n    b: c;\n\n}\n", "a {\nb: c;\n}\n"),
            ("a::before { content: \"/* no */\"; }", "a::before { content: \"/* no */\"; }\n"),
            ("a::before { content: '\\'/*'; } /* yes */", "a::before { content: '\\'/*'; }\n"),
            ("a/**/b { c: d/*/ tricky */; }", "a b { c: d ; }\n"),
            ("a { width: calc(1px + 2px); }", "a { width: calc(1px + 2px); }\n"),
        ];
        for (input, expected) in rows {
            assert_eq!(minify(input), expected, "{input}");
        }
    }

    #[test]
    fn main_css_is_a_list_of_imports_and_nothing_else() {
        let rows = [
            ("/* order */\n@import \"a.css\";\n@import \"./b.css\";\n", Some(["a.css", "b.css"])),
            ("@import \"a.css\";\nbody { margin: 0; }", None),
            ("@import url(a.css);", None),
        ];
        for (input, expected) in rows {
            assert_eq!(
                imports(input).ok(),
                expected.map(|names| names.map(str::to_owned).to_vec()),
                "{input}"
            );
        }
    }
}
