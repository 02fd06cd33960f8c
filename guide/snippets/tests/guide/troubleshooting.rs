//! Page "Troubleshooting": its table has a row for each reason.

use std::{collections::BTreeSet, fs, path::Path};

use crate::running::Outcome;

fn read(path: &str) -> Outcome<String> {
    Ok(fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path))?)
}

/// The part of a source file from this function's signature to the end of the function.
fn function<'s>(source: &'s str, signature: &str) -> Outcome<&'s str> {
    let start = source.find(signature).ok_or_else(|| format!("no {signature}"))?;
    let end = source[start..].find("\n    }\n").ok_or("no end")?;
    Ok(&source[start..start + end])
}

/// The texts in double quotes of a function.
fn texts(function: &str) -> impl Iterator<Item = &str> {
    function.split('"').skip(1).step_by(2)
}

/// Every value that `x-clerk-auth-reason` can have, from the code that makes them.
fn reasons() -> Outcome<BTreeSet<String>> {
    let reason = read("clerk-core/src/auth/reason.rs")?;
    let (of_reasons, of_refreshes) = reason.split_once("impl RefreshFailure").ok_or("no RefreshFailure")?;
    let prefix = "session-token-expired-refresh-";
    let token = read("clerk-core/src/token/error.rs")?;
    let plain = texts(function(of_reasons, "fn as_str")?).filter(|text| !text.starts_with(prefix)).map(str::to_owned);
    let refreshes = texts(function(of_refreshes, "fn as_str")?).map(|failure| format!("{prefix}{failure}"));
    let tokens = texts(function(&token, "fn reason")?).map(str::to_owned);
    Ok(plain.chain(refreshes).chain(tokens).collect())
}

#[test]
fn each_reason_is_in_the_table_and_no_other() -> Outcome {
    let reasons = reasons()?;
    assert!(reasons.len() > 50 && reasons.contains("session-revoked") && reasons.contains("token-expired"));
    let page = read("guide/src/troubleshooting.md")?;
    let table = page.split_once("## Every reason").ok_or("no table")?.1;
    let mut rows = BTreeSet::new();
    for row in table.lines().skip(3).filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()), "reason, cause and remedy: {row}");
        for name in cells[0].split('`').skip(1).step_by(2) {
            assert!(rows.insert(name.to_owned()), "{name} stands twice");
        }
    }
    assert!(rows.remove("session-token-expired-refresh-<code>"), "the codes of the Backend API");
    assert_eq!(rows, reasons, "left: the table, right: the code");
    Ok(())
}
