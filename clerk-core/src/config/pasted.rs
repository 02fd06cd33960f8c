//! Values as people paste them: with quotes around them, or with characters that they cannot see.

use super::error::{ConfigError, ConfigErrorKind};

/// The value without blanks around it and without one pair of quotes.
///
/// Shells and environment files remove the quotes, but Docker's `--env-file`, systemd and hosting pages keep them.
pub(crate) fn unquote(text: &str) -> &str {
    let text = text.trim();
    let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).map_or(text, str::trim)
}

/// The text of a key without one pair of quotes. Blanks around a key are refused, as in Clerk's own SDK.
///
/// # Errors
/// When it holds a character that a person cannot see; the error names that character, and no part of the key.
pub(crate) fn unquote_key(text: &str, kind: ConfigErrorKind) -> Result<&str, ConfigError> {
    let text = if text.starts_with(['"', '\'']) { unquote(text) } else { text };
    match find_invisible(text) {
        Some(name) => {
            Err(ConfigError::new(kind, format!("the key contains {name}, which is not visible: copy the key again")))
        }
        None => Ok(text),
    }
}

/// The first character that a person cannot see, with its name: a byte order mark or a zero-width space for example.
pub(crate) fn find_invisible(text: &str) -> Option<String> {
    let name = |c: char| match c {
        '\u{feff}' => Some("a byte order mark"),
        '\u{200b}' => Some("a zero-width space"),
        '\u{200c}' | '\u{200d}' | '\u{2060}' => Some("a zero-width joiner"),
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Some("a no-break space"),
        '\u{ad}' => Some("a soft hyphen"),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("a mark of the writing direction")
        }
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}' => Some("an invisible variant mark"),
        c if c.is_control() => Some("a control character"),
        _ => None,
    };
    text.chars().find_map(|c| Some(format!("{} (U+{:04X})", name(c)?, u32::from(c))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pair_of_quotes_is_removed() {
        for (text, expected) in [
            ("sk", "sk"),
            (" \"sk\" ", "sk"),
            ("'sk'", "sk"),
            ("\" sk \"", "sk"),
            ("\"'sk'\"", "'sk'"),
            ("\"sk", "\"sk"),
            ("\"sk'", "\"sk'"),
            ("\"", "\""),
            ("", ""),
        ] {
            assert_eq!(unquote(text), expected, "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_are_named() {
        assert_eq!(find_invisible("sk_test_abc"), None);
        assert_eq!(find_invisible("\u{feff}sk").as_deref(), Some("a byte order mark (U+FEFF)"));
        assert_eq!(find_invisible("sk\u{200b}").as_deref(), Some("a zero-width space (U+200B)"));
        assert_eq!(find_invisible("sk\u{1}").as_deref(), Some("a control character (U+0001)"));
    }
}
