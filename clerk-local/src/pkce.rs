//! Proof Key for Code Exchange ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)), with the method `S256` only: the
//! client that redeems a code must be the one that requested it.

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A new verifier of 256 bits; `None` when the system's random source fails.
pub(crate) fn new_verifier() -> Option<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// The challenge of a verifier, which is sent before the code is issued.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// Whether a request's challenge and method are valid: a digest of SHA-256 in base64url, by `S256`.
pub(crate) fn is_challenge(challenge: &str, method: &str) -> bool {
    let digits = challenge.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    challenge.len() == 43 && digits && method == "S256"
}

/// Whether the verifier matches the challenge ([section 4.6](https://www.rfc-editor.org/rfc/rfc7636#section-4.6)).
pub(crate) fn matches(verifier: &str, challenge: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(unreserved)
        && verify_slices_are_equal(self::challenge(verifier).as_bytes(), challenge.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_verifier_fits_its_own_challenge_alone() {
        assert_eq!(challenge(VERIFIER), CHALLENGE);
        assert!(matches(VERIFIER, CHALLENGE));
        let (one, other) = (new_verifier().unwrap(), new_verifier().unwrap());
        assert!(matches(&one, &challenge(&one)) && !matches(&one, &challenge(&other)) && !matches(&one, CHALLENGE));
        for bad in ["", "short", &"x".repeat(42), &"x".repeat(129), &format!("{VERIFIER} "), &"\u{e9}".repeat(43)] {
            assert!(!matches(bad, &challenge(bad)), "{bad}");
        }
    }

    #[test]
    fn a_challenge_is_a_digest_by_s256() {
        assert!(is_challenge(CHALLENGE, "S256"));
        for (challenge, method) in [
            (CHALLENGE, "plain"),
            (CHALLENGE, ""),
            (CHALLENGE, "s256"),
            ("", "S256"),
            (&CHALLENGE[1..], "S256"),
            (&format!("{}=", &CHALLENGE[1..]), "S256"),
            (&format!("{CHALLENGE}A"), "S256"),
        ] {
            assert!(!is_challenge(challenge, method), "{challenge} {method}");
        }
    }
}
