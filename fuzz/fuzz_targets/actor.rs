//! The `act` claim of a session token and of an OAuth access token: whatever it holds, it counts as another party.
#![no_main]

use std::sync::LazyLock;

use clerk_core::{AuthState, Authenticator, Policy, token::AcceptsToken};
use clerk_fuzz::{FRONTEND_API, NOW, Name, Request, builder, sign};

static ANY: LazyLock<Authenticator> = LazyLock::new(|| {
    let clerk = builder().build().expect("a handle");
    Authenticator::new(clerk).accepts_tokens(AcceptsToken::Any).expect("keys")
});

libfuzzer_sys::fuzz_target!(|act: &str| {
    let Ok(act) = serde_json::from_str::<serde_json::Value>(act) else { return };
    for typ in ["JWT", "at+jwt"] {
        let claims = serde_json::json!({
            "iss": format!("https://{FRONTEND_API}"), "sub": "user_1", "sid": "sess_1", "iat": NOW, "exp": NOW + 60, "act": act,
        });
        let token = sign(&format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#), claims.to_string().as_bytes());
        let request = Request::page(vec![(Name::Authorization, format!("Bearer {token}").into_bytes())], None);
        let state = ANY.authenticate_now(&request.view()).expect("nothing to fetch").into_auth();
        let actor = match &state {
            AuthState::SignedIn(session) => session.actor(),
            AuthState::OAuthToken(token) => token.actor(),
            other => panic!("{other:?}"),
        };
        let allows = |policy: Policy| state.require(&policy).is_ok();
        assert_eq!(allows(Policy::not_impersonated()), act.is_null(), "{act}");
        assert!(act.is_null() || !act["type"].is_string() || !allows(Policy::not_an_agent()), "{act}");
        let chain = actor.map_or(0, |actor| actor.chain().count());
        assert!(chain <= 128, "{chain} actors");
        assert!(chain == 0 || act["sub"] == actor.map(|actor| actor.subject()).unwrap_or_default());
    }
});
