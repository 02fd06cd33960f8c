//! Testing tokens: they pass bot protection in tests.

pub use clerk_types::token::TestingToken;

use crate::define::{example, resource};

resource! {
/// Testing tokens: they pass bot protection in tests.
TestingTokens, testing_tokens {
    /// Creates a testing token, which passes bot protection.
    #[doc = example!(r#"let token = client.testing_tokens().create().send().await?;"#)]
    POST "/testing_tokens" CreateTestingToken
    create() -> TestingToken;
}}
