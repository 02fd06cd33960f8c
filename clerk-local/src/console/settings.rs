//! `/settings`: what users may do, as fields to change.

use std::sync::Arc;

use axum::{
    extract::{Form, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::{Markup, html};
use serde_json::Value;

use super::page::page as layout;
use crate::{
    http::{PageError, check_same_site, see_other},
    settings::Settings,
    shared::Shared,
};

pub(super) async fn page(State(shared): State<Arc<Shared>>) -> Response {
    show(StatusCode::OK, &shared.settings(), None)
}

/// Applies the whole form: a box that is not ticked is not in it.
pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    let mut settings = Settings::clone(&shared.settings());
    let sent = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| &**value);
    for (name, value) in settings.to_json() {
        let new =
            if value.is_boolean() { Some(if sent(&name).is_some() { "true" } else { "false" }) } else { sent(&name) };
        if let Some(Err(error)) = new.map(|new| settings.set(&name, new)) {
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &shared.settings(), Some(&error.to_string())));
        }
    }
    shared.set_settings(settings);
    Ok(see_other("/settings", &[]))
}

fn show(status: StatusCode, settings: &Settings, problem: Option<&str>) -> Response {
    let content = html! {
        @if let Some(problem) = problem { p role="alert" { (problem) } }
        p.note { "What users may do from now on. With " code { "--data" } " the settings outlive the instance." }
        form.fields method="post" action="/settings" {
            @for (name, value) in settings.to_json() { (field(&name, &value)) }
            button { "Save" }
        }
    };
    layout(status, "/settings", "Settings", &content)
}

fn field(name: &str, value: &Value) -> Markup {
    let label = name.replace('_', " ");
    let choices: &[&str] = match name {
        "sign_up_mode" => &["public", "restricted", "waitlist"],
        "email_address" | "first_name" | "last_name" | "password" | "phone_number" | "username" => {
            &["disabled", "optional", "required"]
        }
        _ => &[],
    };
    html! {
        @match value {
            Value::Bool(on) => label { span { input type="checkbox" name=(name) checked[*on]; " " (label) } },
            Value::Number(number) => label {
                @let least = i32::from(name != "lockout_minutes");
                (label) input type="number" name=(name) value=(number) min=(least) required;
            },
            Value::Array(items) if items.iter().all(Value::is_string) => label {
                (label) input name=(name) value=(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
            },
            Value::Array(_) => label { (label) textarea name=(name) { (value) } },
            _ => {
                @let text = value.as_str().unwrap_or_default();
                label { (label)
                    @if choices.is_empty() { input name=(name) value=(text); }
                    @else { select name=(name) { @for one in choices { option selected[*one == text] { (one) } } } }
                }
            }
        }
    }
}
