//! JavaScript's number parsing, which Clerk's own SDK applies to cookies and claims.

/// The integer at the start of a text, as `Number.parseInt` reads it. Leading blanks and trailing text are ignored;
/// zero if there is no integer.
pub(crate) fn leading_integer(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let (radix, digits) = hexadecimal.map_or((10, digits), |digits| (16, digits));
    let digits = digits.chars().map_while(|c| c.to_digit(radix));
    sign * digits.fold(0.0_f64, |number, digit| number.mul_add(f64::from(radix), f64::from(digit)))
}

/// A whole text as a number, as `Number(...)` reads it; `None` for `NaN`.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) {
            return u64::from_str_radix(&text[2..], radix).ok().map(|number| number as f64);
        }
    }
    match text {
        "" => Some(0.0),
        "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // Rust would also accept "inf", "infinity" and "nan".
        _ if text.bytes().any(|b| b.is_ascii_alphabetic() && !b.eq_ignore_ascii_case(&b'e')) => None,
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_integers() {
        for (text, expected) in [
            ("1768478389", 1_768_478_389.0),
            ("123abc", 123.0),
            (" 5", 5.0),
            ("-5", -5.0),
            ("+5", 5.0),
            ("1e12", 1.0),
            ("5.9", 5.0),
            ("0x1F", 31.0),
            ("007", 7.0),
            ("", 0.0),
            ("abc", 0.0),
            ("\"5\"", 0.0),
            ("-", 0.0),
        ] {
            assert_eq!(leading_integer(text), expected, "{text:?}");
        }
    }

    #[test]
    fn whole_numbers() {
        for (text, expected) in [
            ("3", Some(3.0)),
            (" 3 ", Some(3.0)),
            ("3.0", Some(3.0)),
            ("0x3", Some(3.0)),
            ("0b11", Some(3.0)),
            ("+3", Some(3.0)),
            ("-1", Some(-1.0)),
            ("1e21", Some(1e21)),
            ("", Some(0.0)),
            ("3abc", None),
            ("inf", None),
            ("nan", None),
            ("0x", None),
            ("Infinity", Some(f64::INFINITY)),
        ] {
            assert_eq!(number(text), expected, "{text:?}");
        }
    }
}
