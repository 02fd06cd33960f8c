//! External accounts of users that signed up with the instance's own OAuth provider.

use reqwest::{Client, Method, Response, header, redirect};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::api::Api;

fn location(response: &Response) -> Url {
    let base = response.url();
    base.join(response.headers()[header::LOCATION].to_str().unwrap()).unwrap()
}

/// Signs a user up with Google, as a browser does.
async fn sign_up(api: &Api) {
    let browser = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let origin = api.local.frontend_api_url();
    let post = |url: String, pairs: &[(&str, &str)]| {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = browser.post(url).header("origin", origin);
        request.header("content-type", "application/x-www-form-urlencoded").body(form)
    };
    let params = [
        ("strategy", "oauth_google"),
        ("redirect_url", "http://localhost:3000/sso-callback"),
        ("action_complete_redirect_url", "http://localhost:3000/"),
    ];
    let begun = post(format!("{origin}/v1/client/sign_ups"), &params).send().await.unwrap();
    let cookie = begun.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let begun: Value = serde_json::from_str(&begun.text().await.unwrap()).unwrap();
    let provider =
        begun["response"]["verifications"]["external_account"]["external_verification_redirect_url"].as_str();
    let provider: Url = provider.unwrap_or_else(|| panic!("{begun}")).parse().unwrap();
    let mut pairs: Vec<(String, String)> = provider.query_pairs().into_owned().collect();
    pairs.extend(
        [("choice", "typed"), ("email", "grace@example.com"), ("email_verified", "on")]
            .map(|(name, value)| (name.into(), value.into())),
    );
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut page = provider.clone();
    page.set_query(None);
    let chosen = post(page.into(), &pairs).send().await.unwrap();
    let back = browser.get(location(&chosen)).header(header::COOKIE, cookie).send().await.unwrap();
    assert!(location(&back).as_str().starts_with("http://localhost:3000/"), "{back:?}");
}

#[tokio::test]
async fn tokens_of_external_accounts() {
    let api = Api::start().await;
    sign_up(&api).await;
    let users = api.get("/v1/users?email_address=grace@example.com").await;
    let path = format!("/v1/users/{}", users[0]["id"].as_str().unwrap());
    let account = &users[0]["external_accounts"][0];
    assert_eq!(account["email_address"], "grace@example.com");
    for provider in ["oauth_google", "google"] {
        let tokens = api.get(&format!("{path}/oauth_access_tokens/{provider}")).await;
        assert_eq!((&tokens[0]["external_account_id"], tokens[0]["token"].is_string()), (&account["id"], true));
    }
    assert_eq!(api.get(&format!("{path}/oauth_access_tokens/oauth_github")).await, json!([]));
    let own = format!("{path}/external_accounts/{}", account["id"].as_str().unwrap());
    assert_eq!(api.delete(&own).await["deleted"], true);
    assert_eq!(api.refused(Method::DELETE, &own, Value::Null).await.0, 404);
    assert_eq!(api.get(&path).await["external_accounts"], json!([]));
    api.finish();
}
