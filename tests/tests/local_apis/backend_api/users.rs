//! Users: lists, creation, changes, deletion.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

/// The usernames in a list of users.
fn names(users: &Value) -> Vec<&str> {
    users.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_have_filters_order_and_pages() {
    let api = Api::start().await;
    let list = async |query: &str| {
        let users = api.get(&format!("/v1/users?{query}")).await;
        names(&users).join(" ")
    };
    assert_eq!(list("").await, "dave carol bob alice", "the newest first");
    assert_eq!(list("order_by=username").await, "alice bob carol dave");
    assert_eq!(list("order_by=-username&limit=2&offset=1").await, "carol bob");
    assert_eq!(list("order_by=%2Blast_name").await, "alice bob carol dave");
    assert_eq!(list("email_address=BOB@example.com&email_address=carol@example.com").await, "carol bob");
    assert_eq!(list("username=dave&username=unknown").await, "dave");
    assert_eq!(list("query=ARCH").await, "alice");
    assert_eq!(list("query=carol%20coop").await, "carol", "of the whole name");
    assert_eq!(list("query=unknown").await, "");
    assert_eq!(list("name_query=a&email_address_query=bob").await, "bob");
    let acme = api.get("/v1/organizations/acme").await["id"].as_str().unwrap().to_owned();
    assert_eq!(list(&format!("organization_id={acme}")).await, "bob alice");
    assert_eq!(list(&format!("organization_id=-{acme}")).await, "dave carol");
    let bob = api.local.user("bob").unwrap().id;
    assert_eq!(list(&format!("user_id={bob}")).await, "bob");
    assert_eq!(list(&format!("user_id=-{bob}")).await, "dave carol alice");
    assert_eq!(list(&format!("starting_after={bob}")).await, "alice");
    assert_eq!(list("banned=true").await, "");
    assert_eq!(list("created_at_after=1&created_at_before=2").await, "");
    assert_eq!(list("last_sign_in_at_after=1").await, "", "no user has signed in yet");
    assert_eq!(list("external_id=x").await, "");

    assert_eq!(api.get("/v1/users/count").await["total_count"], 4);
    assert_eq!(api.get("/v1/users/count?query=alice").await["total_count"], 1);
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("offset=-1", "offset"),
        ("order_by=secrets", "order_by"),
        ("banned=perhaps", "banned"),
        ("created_at_after=monday", "created_at_after"),
        ("starting_after=user_nobody", "starting_after"),
    ] {
        let refusal = api.refused(Method::GET, &format!("/v1/users?{query}"), Value::Null).await;
        assert_eq!((refusal.0, refusal.2.as_deref()), (422, Some(parameter)), "{query}");
    }
    api.finish();
}

#[tokio::test]
async fn users_are_created_as_described() {
    let api = Api::start().await;
    let params = json!({
        "external_id": "legacy-7", "first_name": "Ada", "last_name": "Lovelace", "username": "ada",
        "email_address": ["Ada@Example.com", "ada@work.example"], "phone_number": ["+15555550100"],
        "email_address_identification_status": ["verified", "reserved"],
        "password": "correct horse battery", "public_metadata": {"plan": "pro"}, "private_metadata": {"note": 1},
        "unsafe_metadata": {"theme": "dark"}, "created_at": "2012-10-20T07:15:20.902Z", "locale": "en-GB",
        "legal_accepted_at": "2024-01-01T00:00:00Z", "delete_self_enabled": false, "create_organizations_limit": 3,
        "skip_legal_checks": true, "skip_password_checks": false,
    });
    let user = api.post("/v1/users", params).await;
    let id = user["id"].as_str().unwrap();
    assert!(id.starts_with("user_"));
    for (member, value) in [
        ("external_id", json!("legacy-7")),
        ("first_name", json!("Ada")),
        ("username", json!("ada")),
        ("password_enabled", json!(true)),
        ("two_factor_enabled", json!(false)),
        ("public_metadata", json!({"plan": "pro"})),
        ("private_metadata", json!({"note": 1})),
        ("created_at", json!(1_350_717_320_902_i64)),
        ("legal_accepted_at", json!(1_704_067_200_000_i64)),
        ("locale", json!("en-GB")),
        ("delete_self_enabled", json!(false)),
        ("create_organizations_limit", json!(3)),
    ] {
        assert_eq!(user[member], value, "{member}");
    }
    let addresses = &user["email_addresses"];
    assert_eq!(
        (&addresses[0]["email_address"], &addresses[1]["email_address"]),
        (&json!("ada@example.com"), &json!("ada@work.example"))
    );
    assert_eq!(
        (&addresses[0]["verification"]["status"], &addresses[1]["verification"]),
        (&json!("verified"), &Value::Null)
    );
    assert_eq!(user["primary_email_address_id"], addresses[0]["id"]);
    assert_eq!(user["phone_numbers"][0]["phone_number"], "+15555550100");
    assert!(!user.to_string().contains("argon2"), "no hash leaves the instance");
    assert_eq!(api.get(&format!("/v1/users/{id}")).await, user);
    assert_eq!(names(&api.get("/v1/users?external_id=legacy-7").await), ["ada"]);

    let taken = |parameter: &str| (422, "form_identifier_exists".to_owned(), Some(parameter.to_owned()));
    for (body, refusal) in [
        (json!({"email_address": ["ADA@example.com"]}), taken("email_address")),
        (json!({"username": "ADA"}), taken("username")),
        (json!({"phone_number": ["+15555550100"]}), taken("phone_number")),
        (json!({"username": "x", "external_id": "legacy-7"}), taken("external_id")),
        (json!({"username": "x", "pasword": "typo"}), (422, "form_param_unknown".into(), Some("pasword".into()))),
        (json!({"username": 7}), (422, "form_param_format_invalid".into(), Some("username".into()))),
        (json!({"email_address": ["ada"]}), (422, "form_param_format_invalid".into(), Some("email_address".into()))),
        (json!({"phone_number": ["0171"]}), (422, "form_param_format_invalid".into(), Some("phone_number".into()))),
        (json!({"username": "no spaces"}), (422, "form_username_invalid_character".into(), Some("username".into()))),
        (
            json!({"username": "x", "password": "short"}),
            (422, "form_password_length_too_short".into(), Some("password".into())),
        ),
        (
            json!({"username": "x", "created_at": "yesterday"}),
            (422, "form_param_format_invalid".into(), Some("created_at".into())),
        ),
        (json!({"first_name": "Ada"}), (422, "form_data_missing".into(), Some("email_address".into()))),
        (json!([]), (400, "request_body_invalid".into(), None)),
    ] {
        assert_eq!(api.refused(Method::POST, "/v1/users", body.clone()).await, refusal, "{body}");
    }
    assert_eq!(api.get("/v1/users/count").await["total_count"], 5, "a refused creation creates nothing");
    api.finish();
}

#[tokio::test]
async fn users_are_changed_and_deleted() {
    let api = Api::start().await;
    let id = api.local.user("bob").unwrap().id;
    let path = format!("/v1/users/{id}");
    let user = api.patch(&path, json!({"first_name": "Robert", "last_name": null, "external_id": "b-1"})).await;
    assert_eq!(
        (&user["first_name"], &user["last_name"], &user["username"]),
        (&json!("Robert"), &Value::Null, &json!("bob"))
    );
    let refusal = api.refused(Method::PATCH, &path, json!({"username": "alice"})).await;
    assert_eq!(refusal, (422, "form_identifier_exists".to_owned(), Some("username".to_owned())));
    let refusal = api.refused(Method::PATCH, &path, json!({"primary_email_address_id": "idn_no"})).await;
    assert_eq!((refusal.0, refusal.2.as_deref()), (422, Some("primary_email_address_id")));
    assert_eq!(api.refused(Method::GET, "/v1/users/bob", Value::Null).await.0, 404, "a username is not an id");

    let metadata = format!("{path}/metadata");
    api.put(&metadata, json!({"public_metadata": {"a": {"b": 1, "c": 2}}, "private_metadata": {"k": 1}})).await;
    let user = api.patch(&metadata, json!({"public_metadata": {"a": {"b": null, "d": 3}}})).await;
    assert_eq!(
        (&user["public_metadata"], &user["private_metadata"]),
        (&json!({"a": {"c": 2, "d": 3}}), &json!({"k": 1}))
    );
    let user = api.put(&metadata, json!({"public_metadata": {"x": 1}})).await;
    assert_eq!(user["public_metadata"], json!({"x": 1}));
    let refusal = api.refused(Method::PATCH, &metadata, json!({"public_metadata": "text"})).await;
    assert_eq!(refusal, (422, "form_param_format_invalid".to_owned(), Some("public_metadata".to_owned())));

    for (change, member, value) in
        [("lock", "locked", true), ("unlock", "locked", false), ("ban", "banned", true), ("unban", "banned", false)]
    {
        assert_eq!(api.post(&format!("{path}/{change}"), Value::Null).await[member], value, "{change}");
    }
    let ids = json!({"user_ids": [id, api.local.user("carol").unwrap().id]});
    let banned = api.post("/v1/users/ban", ids.clone()).await;
    assert!(banned.as_array().unwrap().iter().all(|user| user["banned"] == true) && names(&banned) == ["bob", "carol"]);
    assert_eq!(names(&api.get("/v1/users?banned=true").await), ["carol", "bob"]);
    api.post("/v1/users/unban", ids).await;
    let unknown = json!({"user_ids": [id, "user_nobody"]});
    assert_eq!(api.refused(Method::POST, "/v1/users/ban", unknown).await.0, 404);
    assert_eq!(api.get(&path).await["banned"], false, "all or none");

    assert_eq!(api.delete(&path).await, json!({"object": "user", "id": id, "deleted": true}));
    assert_eq!(api.refused(Method::GET, &path, Value::Null).await.0, 404);
    assert_eq!(api.refused(Method::DELETE, &path, Value::Null).await.0, 404);
    api.finish();
}

#[tokio::test]
async fn memberships_and_invitations_of_users() {
    let api = Api::start().await;
    let alice = api.local.user("alice").unwrap().id;
    let memberships = api.get(&format!("/v1/users/{alice}/organization_memberships?limit=1")).await;
    assert_eq!((&memberships["total_count"], memberships["data"].as_array().unwrap().len()), (&json!(2), 1));
    let membership = &memberships["data"][0];
    assert_eq!((&membership["role"], &membership["role_name"]), (&json!("org:admin"), &json!("Admin")));
    assert_eq!(membership["public_user_data"]["identifier"], "alice@example.com");

    let globex = api.get("/v1/organizations/globex").await["id"].as_str().unwrap().to_owned();
    let params = json!({"email_address": "carol@example.com", "role": "org:member"});
    api.post(&format!("/v1/organizations/{globex}/invitations"), params).await;
    let carol = api.local.user("carol").unwrap().id;
    let invitations = api.get(&format!("/v1/users/{carol}/organization_invitations?status=pending")).await;
    assert_eq!(invitations["data"][0]["public_organization_data"]["slug"], "globex");
    let revoked = api.get(&format!("/v1/users/{carol}/organization_invitations?status=revoked")).await;
    assert_eq!(revoked["total_count"], 0);

    assert_eq!(api.get(&format!("/v1/users/{alice}/oauth_access_tokens/oauth_google")).await, json!([]));
    assert_eq!(api.get(&format!("/v1/users/{alice}/trusted_devices")).await["total_count"], 0);
    let account = format!("/v1/users/{alice}/external_accounts/eac_no");
    assert_eq!(api.refused(Method::DELETE, &account, Value::Null).await.0, 404);
    api.finish();
}
