//! Names outside ASCII: A-labels by UTS #46, and no label of mixed scripts (UTS #39 §5).
//!
//! Without the feature `unicode` nothing is at hand to judge them by, and the caller is told so.

use super::address_error::AddressError;

/// The ASCII form of a name that is not ASCII.
#[cfg(not(feature = "unicode"))]
pub(super) fn to_ascii(_text: &str, at: usize) -> Result<String, AddressError> {
    Err(AddressError::NeedsTables { at })
}

/// Checks the A-labels of an ASCII name; left to whoever saves it.
#[cfg(not(feature = "unicode"))]
pub(super) fn check(_name: &str, _at: usize) -> Result<(), AddressError> {
    Ok(())
}

#[cfg(feature = "unicode")]
pub(super) use tables::{check, to_ascii};

#[cfg(feature = "unicode")]
mod tables {
    use idna::AsciiDenyList;
    use idna::uts46::{DnsLength, Hyphens, Uts46};
    use unicode_script::{Script, ScriptExtension, UnicodeScript};

    use super::AddressError;

    /// The ASCII form of a name that is not ASCII.
    pub(in super::super) fn to_ascii(text: &str, at: usize) -> Result<String, AddressError> {
        let ascii = Uts46::new()
            .to_ascii(text.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Ignore)
            .map_err(|_| AddressError::International { at })?;
        check(&ascii, at)?;
        Ok(ascii.into_owned())
    }

    /// Checks the A-labels of an ASCII name: they may have been typed as such, forged letters inside.
    pub(in super::super) fn check(name: &str, at: usize) -> Result<(), AddressError> {
        if !name.split('.').any(|label| label.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--")))
        {
            return Ok(());
        }
        let (readable, result) =
            Uts46::new().to_unicode(name.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
        result.map_err(|_| AddressError::International { at })?;
        match readable.split('.').all(is_of_one_script) {
            true => Ok(()),
            false => Err(AddressError::MixedScripts { at }),
        }
    }

    /// Chinese, Japanese and Korean mix scripts, and Latin among them, by habit; nobody else does.
    fn is_of_one_script(label: &str) -> bool {
        use Script::{Bopomofo, Han, Hangul, Hiragana, Katakana, Latin};

        let one =
            label.chars().fold(ScriptExtension::default(), |all, c| all.intersection(c.script_extension()));
        if !one.is_empty() {
            return true;
        }
        [[Latin, Han, Hiragana, Katakana].as_slice(), &[Latin, Han, Bopomofo], &[Latin, Han, Hangul]]
            .iter()
            .any(|family| {
                label.chars().all(|c| {
                    let scripts = c.script_extension();
                    scripts.is_common()
                        || scripts.is_inherited()
                        || family.iter().any(|s| scripts.contains_script(*s))
                })
            })
    }
}
