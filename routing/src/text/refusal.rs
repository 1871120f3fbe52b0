//! What every refusal has in common: a code for machines, a place in the text, a sentence for people.

/// Defines an error enum from rows of `Variant(at) => "code", "sentence"`; `(at)` is left out where no single
/// place in the text is to blame.
macro_rules! refusals {
    (@position) => { None };
    (@position $at:ident) => { Some($at) };
    (
        $(#[$doc:meta])*
        $name:ident {
            $( $(#[$variant_doc:meta])* $variant:ident $(($at:ident))? => $code:literal, $sentence:literal; )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                $variant $({
                    /// Where in the text as it was typed: characters before it.
                    $at: usize,
                })?,
            )*
        }

        impl $name {
            /// The broken rule as a stable name, for programs.
            pub fn code(&self) -> &'static str {
                match self { $( Self::$variant $({ $at: _ })? => $code, )* }
            }

            /// How many characters of the text stand before the fault, where one place is to blame.
            pub fn position(&self) -> Option<usize> {
                match *self { $( Self::$variant $({ $at })? => refusals!(@position $($at)?), )* }
            }

            /// Parsers count bytes; this turns their offset into characters of the text as typed.
            pub(super) fn in_chars_of(self, text: &str) -> Self {
                let chars = |offset: usize| text.char_indices().take_while(|(byte, _)| *byte < offset).count();
                match self { $( Self::$variant $({ $at })? => Self::$variant $({ $at: chars($at) })?, )* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $( Self::$variant $({ $at: _ })? => $sentence, )* })
            }
        }

        impl std::error::Error for $name {}
    };
}

pub(crate) use refusals;

/// White space that is trimmed at the ends of what people type. Line breaks are not among it: in a SIP
/// message they end a header, so they are refused wherever they stand.
pub(crate) fn is_padding(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Control characters (Unicode's Cc) and the two separators that count as line breaks.
pub(crate) fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}')
}

/// Characters that change the direction of the text around them.
pub(crate) fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that nobody sees: two texts that differ only in them look the same.
pub(crate) fn is_invisible(c: char) -> bool {
    is_bidi(c)
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{feff}')
}

/// The text without padding at its ends, and the byte at which it starts.
pub(crate) fn trimmed(text: &str) -> (&str, usize) {
    let rest = text.trim_start_matches(is_padding);
    (rest.trim_end_matches(is_padding), text.len() - rest.len())
}

/// What follows an ASCII prefix in any letter case.
pub(crate) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}
