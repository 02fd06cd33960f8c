//! What Clerk says that a token is.

use super::header::HeaderParam;

/// The `cat` header: what Clerk says that the token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Absent,
    Machine,
    Other,
    Session,
    /// Clerk's own value for "do not look".
    Unmarked,
}

impl Category {
    pub(crate) fn of(member: &HeaderParam<'_>) -> Self {
        match member {
            HeaderParam::Absent => Self::Absent,
            HeaderParam::Text(text) => match &**text {
                "cl_B7d4PD111AAA" => Self::Session,
                "cl_B7d4PD333AAA" => Self::Machine,
                "cl_I7d4PD111III" => Self::Unmarked,
                _ => Self::Other,
            },
            HeaderParam::NotText => Self::Other,
        }
    }

    /// Whether a token of this category can be a machine's.
    pub(crate) const fn may_be_machine(self) -> bool {
        matches!(self, Self::Absent | Self::Machine)
    }

    /// Whether a token of this category can be a session token.
    pub(crate) const fn may_be_session(self) -> bool {
        matches!(self, Self::Absent | Self::Session | Self::Unmarked)
    }
}
