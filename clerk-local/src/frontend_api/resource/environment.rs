//! The environment: every setting that the components read.

use serde_json::{Map, Value, json};

use crate::{settings::AttributeUse, shared::Shared};

/// Which features are on, and where the pages are.
pub(in crate::frontend_api) fn environment(shared: &Shared, origin: &str) -> Value {
    let kept = shared.store().settings();
    let mut environment = json!({
        "auth_config": auth_config(shared),
        "display_config": display_config(shared, origin),
        "user_settings": user_settings(shared),
        "organization_settings": {
            "enabled": kept.has_organization_setting("enabled"),
            "max_allowed_memberships": kept.max_allowed_memberships(),
            "actions": {"admin_delete": kept.has_organization_setting("admin_delete_enabled")},
            "domains": {"enabled": false, "enrollment_modes": [], "default_role": "org:member"},
            "slug": {"disabled": false},
            "creator_role": kept.creator_role(),
        },
        "fraud_settings": {"object": "fraud_settings", "native": {"device_attestation_mode": "disabled"}},
        "commerce_settings": {"billing": {
            "stripe_publishable_key": null,
            "free_trial_requires_payment_method": false,
            "user": {"enabled": false, "has_paid_plans": false},
            "organization": {"enabled": false, "has_paid_plans": false},
        }},
        "api_keys_settings": {"enabled": false, "user_api_keys_enabled": false, "orgs_api_keys_enabled": false},
        "protect_config": {"loaders": []},
        "client_debug_mode": false,
        "partitioned_cookies": false,
        "maintenance_mode": false,
    });
    // Not in Clerk's description.
    if shared.settings().force_organization_selection {
        environment["organization_settings"]["force_organization_selection"] = true.into();
    }
    environment
}

fn auth_config(shared: &Shared) -> Value {
    let settings = &shared.settings();
    let social = settings.social.iter().map(|name| format!("oauth_{name}"));
    let identifiers = |names: &[&'static str]| {
        names.iter().filter(|name| !settings.disables(name)).map(|&name| name.to_owned()).collect::<Vec<_>>()
    };
    let alone = identifiers(&["email_address", "phone_number"]).into_iter().chain(social.clone());
    let first_factors = ["email_code", "email_link", "password", "phone_code", "reset_password_email_code", "ticket"];
    let first_factors = first_factors.into_iter().filter(|one| settings.allows_strategy(one)).map(str::to_owned);
    let mut config = json!({
        "object": "auth_config",
        "id": "aconf_local",
        "first_name": on(settings.first_name),
        "last_name": on(settings.last_name),
        "email_address": on(settings.email_address),
        "phone_number": on(settings.phone_number),
        "username": on(settings.username),
        "password": on(settings.password),
        "identification_requirements": alone.map(|name| vec![name]).collect::<Vec<_>>(),
        "identification_strategies": identifiers(&["email_address", "phone_number", "username"]),
        "first_factors": first_factors.chain(social).collect::<Vec<_>>(),
        "second_factors": ["totp", "backup_code", "phone_code"],
        "email_address_verification_strategies": ["email_code", "email_link"],
        "single_session_mode": settings.single_session,
        "enhanced_email_deliverability": false,
        "test_mode": true,
        "cookieless_dev": true,
        "url_based_session_syncing": true,
        "claimed_at": null,
        "reverification": settings.reverification,
        "native_settings": {
            "object": "native_settings",
            "api_enabled": false,
            "trusted_device_sign_in_enabled": false,
            "trusted_device_enrollment_prompt_after_sign_in_enabled": false,
            "trusted_device_enrollment_prompt_after_sign_up_enabled": false,
        },
    });
    // Not in Clerk's description.
    if settings.session_minter {
        config["session_minter"] = true.into();
    }
    config
}

/// The sign-in page is the app's, or else the instance's own, and so are those that are not named; afterwards users get
/// to the home page of the calling app. No page is the instance's console.
fn display_config(shared: &Shared, origin: &str) -> Value {
    let home = format!("{origin}/");
    let mut config = json!({
        "object": "display_config",
        "id": "display_config_local",
        "instance_environment_type": "development",
        "application_name": shared.settings().application_name,
        "theme": {
            "buttons": {"font_color": "#ffffff", "font_family": "system-ui", "font_weight": "600"},
            "general": {
                "color": "#6c47ff", "padding": "1em", "box_shadow": "0 2px 8px rgba(0, 0, 0, 0.2)",
                "font_color": "#151515", "font_family": "system-ui", "border_radius": "0.5em",
                "background_color": "#ffffff", "label_font_weight": "600",
            },
            "accounts": {"background_color": "#ffffff"},
        },
        "preferred_sign_in_strategy": "password",
        "home_url": home,
        "sign_in_url": shared.sign_in_url(),
        "sign_up_url": shared.sign_up_url(),
        "user_profile_url": home,
        "waitlist_url": shared.waitlist_url(),
        "oauth_consent_url": format!("{}/oauth/authorize", shared.frontend_api_url()),
        "after_sign_in_url": home,
        "after_sign_up_url": home,
        "after_sign_out_one_url": home,
        "after_sign_out_all_url": home,
        "after_switch_session_url": home,
        "after_join_waitlist_url": home,
        "organization_profile_url": home,
        "create_organization_url": home,
        "after_leave_organization_url": home,
        "after_create_organization_url": home,
        "logo_link_url": home,
        "support_email": null,
    });
    let rest = json!({
        "branded": false,
        "experimental_force_oauth_first": false,
        "clerk_js_version": "6",
        "show_devmode_warning": false,
        "google_one_tap_client_id": null,
        "help_url": null,
        "privacy_policy_url": null,
        "terms_url": null,
        "logo_url": null,
        "logo_image_url": null,
        "favicon_url": null,
        "favicon_image_url": null,
        "logo_image": null,
        "favicon_image": null,
        "captcha_public_key": null,
        "captcha_widget_type": null,
        "captcha_public_key_invisible": null,
        "captcha_provider": null,
        "captcha_oauth_bypass": [],
        "captcha_heartbeat": false,
    });
    for (name, value) in rest.as_object().into_iter().flatten() {
        config[name] = value.clone();
    }
    config
}

fn user_settings(shared: &Shared) -> Value {
    let settings = &shared.settings();
    let kept = shared.store().settings();
    let restriction = |name| json!({"enabled": kept.has_restriction(name)});
    let social: Map<_, _> = settings.social.iter().map(|name| (format!("oauth_{name}"), social(name))).collect();
    let enterprise = !settings.enterprise_connections.is_empty();
    json!({
        "attributes": {
            "email_address": used(settings.email_address, email_address()),
            "phone_number": used(settings.phone_number, identifier(&["phone_code"], &["phone_code"], true)),
            "username": used(settings.username, identifier(&[], &[], false)),
            "web3_wallet": attribute(false),
            "first_name": used(settings.first_name, attribute(true)),
            "last_name": used(settings.last_name, attribute(true)),
            "password": used(settings.password, attribute(true)),
            "authenticator_app": second_factor("totp"),
            "backup_code": second_factor("backup_code"),
            "ticket": attribute(true),
            "passkey": attribute(false),
        },
        "social": social,
        "saml": {"enabled": enterprise},
        "enterprise_sso": {"enabled": enterprise, "self_serve_sso": false},
        "sign_in": {"second_factor": {"required": settings.require_multi_factor}},
        "sign_up": {
            "captcha_enabled": false,
            "captcha_widget_type": "smart",
            "custom_action_required": false,
            "progressive": true,
            "mode": settings.sign_up_mode.name(),
            "legal_consent_enabled": settings.legal_consent,
        },
        "restrictions": {
            "allowlist": restriction("allowlist"),
            "blocklist": restriction("blocklist"),
            "allowlist_blocklist_disabled_on_sign_in": restriction("allowlist_blocklist_disabled_on_sign_in"),
            "block_email_subaddresses": restriction("block_email_subaddresses"),
            "block_disposable_email_domains": restriction("block_disposable_email_domains"),
        },
        "password_settings": {
            "disable_hibp": true,
            "disable_password_reverification": false,
            "min_length": settings.min_password_length,
            "max_length": 72,
            "require_special_char": false,
            "require_numbers": false,
            "require_uppercase": false,
            "require_lowercase": false,
            "show_zxcvbn": false,
            "min_zxcvbn_strength": 0,
            "enforce_hibp_on_sign_in": false,
            "allowed_special_characters": "",
        },
        "username_settings": {
            "min_length": 4,
            "max_length": 64,
            "allow_extended_special_characters": false,
            "allow_numeric_usernames": false,
        },
        "actions": {"delete_self": true, "create_organization": true, "create_organizations_limit": null},
        "attack_protection": {
            "user_lockout": {
                "enabled": true, "max_attempts": settings.max_failed_attempts,
                "duration_in_minutes": settings.lockout_minutes,
            },
            "pii": {"enabled": false},
            "email_link": {"require_same_client": false},
            "enumeration_protection": {"enabled": false},
        },
        "passkey_settings": {
            "allow_autofill": false, "show_sign_in_button": false, "satisfies_second_factor": false,
        },
    })
}

fn attribute(enabled: bool) -> Value {
    json!({
        "enabled": enabled, "required": false, "used_for_first_factor": false, "first_factors": [],
        "used_for_second_factor": false, "second_factors": [], "verifications": [], "verify_at_sign_up": false,
        "immutable": false,
    })
}

/// The attribute as the settings use it.
fn used(how: AttributeUse, described: Value) -> Value {
    match how {
        AttributeUse::Disabled => attribute(false),
        AttributeUse::Optional => described,
        AttributeUse::Required => {
            let mut required = described;
            required["required"] = true.into();
            required
        }
    }
}

fn on(how: AttributeUse) -> &'static str {
    match how {
        AttributeUse::Disabled => "off",
        AttributeUse::Optional => "on",
        AttributeUse::Required => "required",
    }
}

fn identifier(first_factors: &[&str], second_factors: &[&str], verified: bool) -> Value {
    let mut attribute = attribute(true);
    attribute["used_for_first_factor"] = true.into();
    attribute["first_factors"] = json!(first_factors);
    attribute["used_for_second_factor"] = (!second_factors.is_empty()).into();
    attribute["second_factors"] = json!(second_factors);
    attribute["verifications"] = json!(first_factors);
    attribute["verify_at_sign_up"] = verified.into();
    attribute
}

/// A sign-up verifies by code: the components would take a link if it were offered.
fn email_address() -> Value {
    let mut attribute = identifier(&["email_code", "email_link"], &[], true);
    attribute["verifications"] = json!(["email_code"]);
    attribute
}

fn second_factor(strategy: &str) -> Value {
    let mut attribute = attribute(true);
    attribute["used_for_second_factor"] = true.into();
    attribute["second_factors"] = json!([strategy]);
    attribute
}

fn social(name: &str) -> Value {
    let mut letters = name.chars();
    let title: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    json!({
        "enabled": true, "required": false, "authenticatable": true, "block_email_subaddresses": false,
        "strategy": format!("oauth_{name}"), "not_selectable": false, "deprecated": false, "name": title,
        "logo_url": null,
    })
}
