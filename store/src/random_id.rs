//! Ids that cannot be guessed: of what is kept for somebody for a while.

/// Defines an id of 128 random bits. As text, 32 hexadecimal digits; a text that is none names nothing.
macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $noun:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(u128);

        impl $name {
            /// A new one.
            ///
            /// # Errors
            /// The operating system gave no randomness.
            pub fn random() -> $crate::Result<$name> {
                let mut bytes = [0; 16];
                getrandom::fill(&mut bytes).map_err($crate::Error::Random)?;
                Ok($name(u128::from_be_bytes(bytes)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> $crate::Result<$name> {
                let none = || $crate::Error::NotFound($noun);
                let digits = |c: u8| c.is_ascii_digit() || matches!(c, b'a'..=b'f');
                if text.len() != 32 || !text.bytes().all(digits) {
                    return Err(none());
                }
                u128::from_str_radix(text, 16).map($name).map_err(|_| none())
            }
        }
    };
}

pub(crate) use random_id;
