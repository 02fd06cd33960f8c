//! Operations on testing tokens.

use crate::{
    define::{example, operations},
    testing_tokens::TestingToken,
};

operations! { TestingTokens {
    /// Creates a testing token, which passes bot protection.
    #[doc = example!(r#"let token = client.testing_tokens().create().send().await?;"#)]
    fn create() -> CreateTestingToken: "CreateTestingToken" POST "/testing_tokens" => TestingToken {}
}}
