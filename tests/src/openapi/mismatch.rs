//! [`Mismatch`]: what about an answer is not as described.

use std::fmt;

use jsonschema::{ValidationError, error::ValidationErrorKind};

/// How many problems are told at once.
const MAX_PROBLEMS: usize = 20;

/// The longest text of a value that is told whole, in characters.
const MAX_VALUE: usize = 120;

/// What about an answer is not as described.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    operation: String,
    problems: Vec<Problem>,
}

#[derive(Clone, PartialEq, Eq)]
struct Problem {
    /// A JSON pointer into the body.
    pointer: String,
    expected: String,
}

impl Mismatch {
    pub(super) fn new(operation: &str, pointer: &str, expected: &str) -> Self {
        let problem = Problem { pointer: pointer.to_owned(), expected: expected.to_owned() };
        Self { operation: operation.to_owned(), problems: vec![problem] }
    }

    /// What a validator found, if it found anything.
    pub(super) fn of<'e>(operation: &str, errors: impl Iterator<Item = ValidationError<'e>>) -> Option<Self> {
        let mut problems = Vec::new();
        errors.for_each(|error| tell(&error, &mut problems));
        (!problems.is_empty()).then(|| Self { operation: operation.to_owned(), problems })
    }
}

/// Where several forms were possible and none fits, the problems of the one that was probably meant.
fn tell(error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    if let ValidationErrorKind::AnyOf { context } = error.kind()
        && let Some(meant) = context.iter().min_by_key(|errors| distance(errors, error))
    {
        return meant.iter().for_each(|error| tell(error, problems));
    }
    let value = error.instance().to_string();
    let value = match value.char_indices().nth(MAX_VALUE) {
        None => value,
        Some((end, _)) => format!("{}...", &value[..end]),
    };
    let pointer = error.instance_path().as_str();
    problems.push(Problem {
        pointer: if pointer.is_empty() { "/".to_owned() } else { pointer.to_owned() },
        expected: error.masked_with(value).to_string(),
    });
}

/// How far a form is from what was meant: another type altogether is the farthest, then another value of something that
/// tells forms apart.
fn distance(errors: &[ValidationError<'_>], whole: &ValidationError<'_>) -> (usize, usize, usize) {
    let count = |fits: fn(&ValidationErrorKind) -> bool| errors.iter().filter(|error| fits(error.kind())).count();
    let another_type = errors.iter().any(|error| {
        matches!(error.kind(), ValidationErrorKind::Type { .. })
            && error.instance_path().as_str() == whole.instance_path().as_str()
    });
    let told_apart =
        count(|kind| matches!(kind, ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. }));
    (usize::from(another_type), told_apart, errors.len())
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        for Problem { pointer, expected } in self.problems.iter().take(MAX_PROBLEMS) {
            match &**pointer {
                "" => write!(f, "\n  {expected}")?,
                pointer => write!(f, "\n  at {pointer}: {expected}")?,
            }
        }
        match self.problems.len().saturating_sub(MAX_PROBLEMS) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// As it is displayed, so that `unwrap` tells it in lines.
impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}
