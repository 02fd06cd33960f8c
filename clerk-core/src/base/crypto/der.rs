//! The two DER structures of an RSA public key ([X.690](https://www.itu.int/rec/T-REC-X.690), section 10).

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// The `AlgorithmIdentifier` of `rsaEncryption`, whose parameters are NULL
/// ([RFC 3279, section 2.3.1](https://www.rfc-editor.org/rfc/rfc3279#section-2.3.1)).
const RSA_ENCRYPTION: [u8; 13] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Modulus and exponent of a `SubjectPublicKeyInfo` (RFC 5280) or an `RSAPublicKey` (RFC 8017), big-endian.
pub(super) fn read_rsa_public_key(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let outer = read_last(der, SEQUENCE)?;
    let integers = match read(outer, SEQUENCE) {
        Some((algorithm, rest)) => {
            // The key fills whole bytes, so that no bit of the last one is unused.
            let key = read_last(rest, BIT_STRING)?.strip_prefix(&[0])?;
            if algorithm != RSA_ENCRYPTION {
                return None;
            }
            read_last(key, SEQUENCE)?
        }
        None => outer,
    };
    let (n, rest) = read(integers, INTEGER)?;
    let e = read_last(rest, INTEGER)?;
    Some((positive(n)?, positive(e)?))
}

/// The contents of the first element, which has this tag, and what follows it.
fn read(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // A key of 8192 bits needs two bytes for its length.
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), rest.get(2..)?),
        _ => return None,
    };
    // DER has one form for each length, the shortest.
    let shortest = match length {
        0..=0x7f => 0..0x80,
        0x80..=0xff => 0x81..0x82,
        _ => 0x82..0x83,
    };
    if shortest.contains(&first) { rest.split_at_checked(length) } else { None }
}

/// The contents of the only element.
fn read_last(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (contents, rest) = read(der, tag)?;
    rest.is_empty().then_some(contents)
}

/// The digits of a positive integer in its shortest form.
fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        // The leading zero tells a large first digit from a negative number.
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => Some(digits),
        [1..0x80, ..] => Some(integer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element with this tag, its length in the shortest form.
    fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
        let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
        let header = match contents.len() {
            0..=0x7f => vec![tag, length[1]],
            0x80..=0xff => vec![tag, 0x81, length[1]],
            _ => vec![tag, 0x82, length[0], length[1]],
        };
        [&header[..], contents].concat()
    }

    fn key(n: &[u8], e: &[u8]) -> Vec<u8> {
        element(SEQUENCE, &[element(INTEGER, n), element(INTEGER, e)].concat())
    }

    fn public_key_info(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
        element(SEQUENCE, &[element(SEQUENCE, algorithm), element(BIT_STRING, key)].concat())
    }

    #[test]
    fn both_structures_are_read() {
        let n = [0x80; 1024];
        let pkcs1 = key(&[&[0], &n[..]].concat(), &[1, 0, 1]);
        let expected = Some((&n[..], &[1, 0, 1][..]));
        assert_eq!(read_rsa_public_key(&pkcs1), expected);
        let spki = public_key_info(&RSA_ENCRYPTION, &[&[0], &pkcs1[..]].concat());
        assert_eq!(read_rsa_public_key(&spki), expected);
        for end in 0..spki.len() {
            assert_eq!(read_rsa_public_key(&spki[..end]), None, "{end} bytes");
        }
        for at in 0..spki.len() {
            for bit in 0..8 {
                let mut changed = spki.clone();
                changed[at] ^= 1 << bit;
                assert_ne!(read_rsa_public_key(&changed), expected, "{at}");
            }
        }
    }

    #[test]
    fn other_structures_are_refused() {
        let pkcs1 = key(&[1; 200], &[3]);
        assert!(read_rsa_public_key(&pkcs1).is_some());
        let in_bits = [&[0], &pkcs1[..]].concat();
        let elliptic = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x05, 0x00];
        let long_form = [&[SEQUENCE, 0x82, 0, 7][..], &key(&[1], &[3])[1..]].concat();
        for (name, der) in [
            ("nothing", vec![]),
            ("a tag alone", vec![SEQUENCE]),
            ("no integers", element(SEQUENCE, &[])),
            ("an endless length", vec![SEQUENCE, 0x80, 0, 0]),
            ("a length of eight bytes", [&[SEQUENCE, 0x88][..], &[0xff; 8]].concat()),
            ("a length in a longer form", long_form),
            ("bytes behind it", [&pkcs1[..], &[0]].concat()),
            ("a third integer", element(SEQUENCE, &[0x02, 1, 5, 0x02, 1, 3, 0x02, 1, 3])),
            ("one integer", element(SEQUENCE, &[0x02, 1, 5])),
            ("a negative modulus", key(&[0x80; 200], &[3])),
            ("a modulus with a needless zero", key(&[0, 1], &[3])),
            ("a modulus of zero", key(&[0], &[3])),
            ("an empty modulus", key(&[], &[3])),
            ("a negative exponent", key(&[1; 200], &[0xff])),
            ("another algorithm", public_key_info(&elliptic, &in_bits)),
            ("an algorithm without parameters", public_key_info(&RSA_ENCRYPTION[..11], &in_bits)),
            ("unused bits", public_key_info(&RSA_ENCRYPTION, &[&[1], &pkcs1[..]].concat())),
            ("no bits", public_key_info(&RSA_ENCRYPTION, &[])),
        ] {
            assert_eq!(read_rsa_public_key(&der), None, "{name}");
        }
    }
}
