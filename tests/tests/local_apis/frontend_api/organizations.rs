//! Flows of organizations and their members.

use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;
use serde_json::json;

use super::Browser;

pub(crate) async fn flows(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let (admin, member, outsider) = (Browser::new(&local, api), Browser::new(&local, api), Browser::new(&local, api));
    let admin_id = admin.sign_up("admin+clerk_test@example.com").await;
    let member_id = member.sign_up("member+clerk_test@example.com").await;
    outsider.sign_up("outsider+clerk_test@example.com").await;

    let organization = admin.ok("POST", "/v1/organizations", &[("name", "Analytical Engines")]).await;
    assert_eq!(organization["slug"], "analytical-engines");
    let again = [("name", "Other"), ("slug", "analytical-engines")];
    assert_eq!(outsider.refused("POST", "/v1/organizations", &again).await, "form_identifier_exists");
    let id = organization["id"].as_str().unwrap();
    let path = format!("/v1/organizations/{id}");
    for (method, below) in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/memberships"), ("GET", "/roles")] {
        assert_eq!(
            outsider.refused(method, &format!("{path}{below}"), &[]).await,
            "not_a_member_in_organization",
            "{method} {below}"
        );
    }
    let session = admin.session().await["id"].as_str().unwrap().to_owned();
    let touch = format!("/v1/client/sessions/{session}/touch");
    admin.ok("POST", &touch, &[("active_organization_id", id)]).await;
    assert_eq!(admin.claims().await["o"], json!({"id": id, "slg": "analytical-engines", "rol": "admin"}));
    let theirs = [("active_organization_id", "org_acme")];
    assert_eq!(admin.refused("POST", &touch, &theirs).await, "organization_not_found_or_unauthorized");

    let invitations = format!("{path}/invitations");
    let form = [("email_address", "member+clerk_test@example.com"), ("role", "org:member")];
    let invitation = admin.ok("POST", &invitations, &form).await;
    assert_eq!(admin.refused("POST", &invitations, &form).await, "duplicate_record");
    let unknown = [("email_address", "x@example.com"), ("role", "org:king")];
    assert_eq!(admin.refused("POST", &invitations, &unknown).await, "form_param_value_invalid");
    let bulk = [("email_address", "x@example.com"), ("email_address", "y@example.com"), ("role", "org:member")];
    let both = admin.ok("POST", &format!("{invitations}/bulk"), &bulk).await;
    for one in both.as_array().unwrap() {
        admin.ok("POST", &format!("{invitations}/{}/revoke", one["id"].as_str().unwrap()), &[]).await;
    }
    assert_eq!(admin.ok("GET", &format!("{invitations}?status=pending"), &[]).await["total_count"], 1);
    admin.ok("GET", &format!("{invitations}/pending"), &[]).await;
    let own = member.ok("GET", "/v1/me/organization_invitations?status=pending", &[]).await;
    assert_eq!(own["data"][0]["id"], invitation["id"]);
    let accept = format!("/v1/me/organization_invitations/{}/accept", invitation["id"].as_str().unwrap());
    assert_eq!(outsider.refused("POST", &accept, &[]).await, "resource_not_found", "another user's invitation");
    assert_eq!(member.ok("POST", &accept, &[]).await["status"], "accepted");

    let memberships = format!("{path}/memberships");
    assert_eq!(member.ok("GET", &memberships, &[]).await["total_count"], 2);
    for (method, below, form) in [
        ("PATCH", String::new(), vec![("name", "Mine")]),
        ("DELETE", String::new(), vec![]),
        ("POST", "/invitations".to_owned(), vec![("email_address", "z@example.com"), ("role", "org:admin")]),
        ("PATCH", format!("/memberships/{member_id}"), vec![("role", "org:admin")]),
        ("DELETE", format!("/memberships/{admin_id}"), vec![]),
    ] {
        assert_eq!(member.refused(method, &format!("{path}{below}"), &form).await, "missing_permission", "{below}");
    }
    let last = format!("{memberships}/{admin_id}");
    let alone = "organization_minimum_permissions_needed";
    assert_eq!(admin.refused("PATCH", &last, &[("role", "org:member")]).await, alone);
    assert_eq!(admin.refused("DELETE", &last, &[]).await, alone);
    assert_eq!(admin.refused("DELETE", &format!("/v1/me/organization_memberships/{id}"), &[]).await, alone);
    admin.ok("PATCH", &format!("{memberships}/{member_id}"), &[("role", "org:admin")]).await;
    assert_eq!(member.ok("PATCH", &path, &[("name", "Engines"), ("slug", "engines")]).await["slug"], "engines");
    admin.ok("PUT", &format!("{path}/logo"), &[]).await;
    admin.ok("DELETE", &format!("{path}/logo"), &[]).await;
    admin.ok("GET", &format!("{path}/roles"), &[]).await;
    admin.ok("GET", &format!("{path}/domains"), &[]).await;
    admin.ok("GET", &format!("{path}/membership_requests"), &[]).await;
    assert_eq!(member.ok("GET", "/v1/me/organization_memberships", &[]).await["data"][0]["role"], "org:admin");
    admin.ok("DELETE", &format!("{memberships}/{member_id}"), &[]).await;
    admin.ok("POST", &memberships, &[("user_id", &member_id), ("role", "org:member")]).await;
    member.ok("DELETE", &format!("/v1/me/organization_memberships/{id}"), &[]).await;
    admin.ok("DELETE", &path, &[]).await;
    assert!(admin.claims().await.get("o").is_none(), "the next token does not contain it");
}
