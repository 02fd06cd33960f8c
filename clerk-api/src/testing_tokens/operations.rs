//! Operations on tokens that pass bot protection in tests.

use crate::{define::operations, testing_tokens::TestingToken};

operations! { TestingTokens {
    /// Creates a token that passes bot protection in tests.
    fn create() -> CreateTestingToken: "CreateTestingToken" POST "/testing_tokens" => TestingToken {}
}}
