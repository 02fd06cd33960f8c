//! [`Mismatch`]: the differences between a response and its description.

use std::fmt;

use jsonschema::{ValidationError, error::ValidationErrorKind};

/// The largest number of problems that is printed.
const MAX_PROBLEMS: usize = 20;

/// Longer values are cut when they are printed, in characters.
const MAX_VALUE: usize = 120;

/// The differences between a response and its description.
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

    /// The errors of a validator; `None` if there are none.
    pub(super) fn from_errors<'e>(operation: &str, errors: impl Iterator<Item = ValidationError<'e>>) -> Option<Self> {
        let mut problems = Vec::new();
        errors.for_each(|error| collect(&error, &mut problems));
        (!problems.is_empty()).then(|| Self { operation: operation.to_owned(), problems })
    }
}

/// Adds the problems of an error. If several forms are allowed and none matches, these are the problems of the form that
/// was probably meant.
fn collect(error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    if let ValidationErrorKind::AnyOf { context } = error.kind()
        && let Some(meant) = context.iter().min_by_key(|errors| distance(errors, error))
    {
        return meant.iter().for_each(|error| collect(error, problems));
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

/// The distance between a value and a form: a different type counts most, then different values of enums and constants,
/// which distinguish the forms.
fn distance(errors: &[ValidationError<'_>], whole: &ValidationError<'_>) -> (usize, usize, usize) {
    let count = |matches: fn(&ValidationErrorKind) -> bool| errors.iter().filter(|error| matches(error.kind())).count();
    let another_type = errors.iter().any(|error| {
        matches!(error.kind(), ValidationErrorKind::Type { .. })
            && error.instance_path().as_str() == whole.instance_path().as_str()
    });
    let different_values =
        count(|kind| matches!(kind, ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. }));
    (usize::from(another_type), different_values, errors.len())
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

/// Like `Display`, so that `unwrap` prints one problem per line.
impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}
