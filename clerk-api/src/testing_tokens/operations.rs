//! Operations on tokens that pass bot protection in tests.

use crate::{
    define::{example, operations},
    testing_tokens::TestingToken,
};

operations! { TestingTokens {
    /// Creates a token that passes bot protection in tests.
    #[doc = example!(r#"let token = client.testing_tokens().create().send().await?;"#)]
    fn create() -> CreateTestingToken: "CreateTestingToken" POST "/testing_tokens" => TestingToken {}
}}
