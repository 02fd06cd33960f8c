//! Default pictures: initials.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Quiet colours, one for each of many names.
const COLOURS: [&str; 6] = ["#5b5bd6", "#0f7b6c", "#9a5b13", "#a23b72", "#3a6ea5", "#6b6f76"];

/// A picture with the first letters of the first two words, as a `data:` URL.
pub(super) fn avatar(name: &str) -> String {
    let letters: String = name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect();
    let letters: String = letters.to_uppercase().chars().filter(|one| one.is_alphanumeric()).collect();
    let colour = COLOURS[name.bytes().map(usize::from).sum::<usize>() % COLOURS.len()];
    let picture = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'><rect width='64' height='64' fill='{colour}'/>\
         <text x='32' y='33' fill='#fff' font-family='system-ui,sans-serif' font-size='26' text-anchor='middle' \
         dominant-baseline='central'>{letters}</text></svg>"
    );
    format!("data:image/svg+xml,{}", utf8_percent_encode(&picture, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_write_markup() {
        let decoded = |name| percent_encoding::percent_decode_str(&avatar(name)).decode_utf8().unwrap().into_owned();
        assert!(decoded("ada lovelace byron").contains(">AL</text>"));
        assert!(decoded("<script> &x").contains("></text>"));
        assert!(decoded("").contains("></text>"));
    }
}
