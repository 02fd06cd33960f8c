//! Lists and counts users.

use std::sync::Arc;

use axum::{Json, extract::State};
use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use crate::{
    backend_api::{answer::ApiResult, query::Query},
    http::ApiError,
    shared::Shared,
    store::User,
};

/// JSON pointers of the fields that users can be sorted by.
const ORDERS: &[(&str, &str)] = &[
    ("created_at", "/created_at"),
    ("updated_at", "/updated_at"),
    ("email_address", "/email_addresses/0/email_address"),
    ("web3wallet", "/web3_wallets/0/web3_wallet"),
    ("first_name", "/first_name"),
    ("last_name", "/last_name"),
    ("phone_number", "/phone_numbers/0/phone_number"),
    ("username", "/username"),
    ("last_active_at", "/last_active_at"),
    ("last_sign_in_at", "/last_sign_in_at"),
];

/// `GET /v1/users`
pub(super) async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let mut users = find_users(&shared, &query)?;
    query.sort(&mut users, "-created_at", ORDERS)?;
    if let Some(cursor) = query.get("starting_after") {
        if !matches!(query.get("order_by"), None | Some("created_at" | "-created_at" | " created_at")) {
            return Err(ApiError::invalid_value(
                "starting_after",
                "starting_after goes with the order of created_at alone",
            ));
        }
        let at = users.iter().position(|user| user["id"] == cursor);
        let at = at.ok_or_else(|| ApiError::unknown_reference("starting_after", cursor))?;
        users.drain(..=at);
    }
    query.array(users)
}

/// `GET /v1/users/count`
pub(super) async fn count(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let count = find_users(&shared, &query)?.len();
    Ok(Json(json!({"object": "total_count", "total_count": count})))
}

fn find_users(shared: &Shared, query: &Query) -> Result<Vec<Value>, ApiError> {
    let times = TimeFilters::from_query(query)?;
    let banned = query.flag("banned")?;
    let store = shared.store();
    let is_selected = |user: &&User| {
        banned.is_none_or(|banned| banned == user.banned)
            && matches_filter(query, "user_id", |id| user.id == id)
            && matches_filter(query, "organization_id", |id| store.membership(&user.id, id).is_some())
            && has_identifier(query, user)
            && matches_search(query, user)
            && times.contain(user)
    };
    Ok(store.users.iter().filter(is_selected).map(|user| shared.describe_user(user)).collect())
}

/// Whether a filter selects a user; `-` before a value excludes it.
fn matches_filter(query: &Query, name: &str, is: impl Fn(&str) -> bool) -> bool {
    let (without, with): (Vec<&str>, Vec<&str>) = query.all(name).partition(|one| one.starts_with('-'));
    // A plus sign that was not escaped comes in as a space.
    (with.is_empty() || with.iter().any(|one| is(one.trim_start_matches(['+', ' ']))))
        && !without.iter().any(|one| is(&one[1..]))
}

/// Whether a user has one of the identifiers in the query, for each kind in it.
fn has_identifier(query: &Query, user: &User) -> bool {
    let accounts = || user.external_accounts.iter();
    query.includes("email_address", |one| {
        user.email_addresses.iter().any(|own| own.email_address.eq_ignore_ascii_case(one))
    }) && query
        .includes("phone_number", |one| user.phone_numbers.iter().any(|own| own.phone_number == one.replace(' ', "+")))
        && query.includes("external_id", |one| user.external_id.as_deref() == Some(one))
        && query.includes("username", |one| user.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(one)))
        && query.includes("web3_wallet", |_| false)
        && query.includes("provider_user_id", |one| accounts().any(|own| own.provider_user_id == one))
        && query.get("provider").is_none_or(|one| accounts().any(|own| own.provider == one))
}

/// Whether a user matches the search texts in the query.
fn matches_search(query: &Query, user: &User) -> bool {
    let full_name = user.name();
    let addresses: Vec<&str> = user.email_addresses.iter().map(|own| &*own.email_address).collect();
    let numbers: Vec<&str> = user.phone_numbers.iter().map(|own| &*own.phone_number).collect();
    let username: Vec<&str> = user.username.as_deref().into_iter().collect();
    let names: Vec<&str> =
        [user.first_name.as_deref(), user.last_name.as_deref(), Some(&*full_name)].into_iter().flatten().collect();
    let all = [&*addresses, &*numbers, &*username, &*names, &[&*user.id]].concat();
    let matches = |name: &str, texts: &[&str]| {
        let search = query.get(name).map(str::to_lowercase);
        search.is_none_or(|search| texts.iter().any(|text| text.to_lowercase().contains(&*search)))
    };
    matches("email_address_query", &addresses)
        && matches("phone_number_query", &numbers)
        && matches("username_query", &username)
        && matches("name_query", &names)
        && matches("query", &all)
}

/// Ranges of time in the query.
struct TimeFilters {
    created: TimeRange,
    last_active: TimeRange,
    last_sign_in: TimeRange,
}

struct TimeRange {
    after: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl TimeFilters {
    fn from_query(query: &Query) -> Result<Self, ApiError> {
        let span =
            |after, before| Ok::<_, ApiError>(TimeRange { after: query.time(after)?, before: query.time(before)? });
        let mut times = Self {
            created: span("created_at_after", "created_at_before")?,
            last_active: span("last_active_at_after", "last_active_at_before")?,
            last_sign_in: span("last_sign_in_at_after", "last_sign_in_at_before")?,
        };
        // The older name of the same.
        times.last_active.after = times.last_active.after.or(query.time("last_active_at_since")?);
        Ok(times)
    }

    fn contain(&self, user: &User) -> bool {
        self.created.contains(Some(user.created_at))
            && self.last_active.contains(user.last_sign_in_at)
            && self.last_sign_in.contains(user.last_sign_in_at)
    }
}

impl TimeRange {
    fn contains(&self, at: Option<Timestamp>) -> bool {
        self.after.is_none_or(|after| at.is_some_and(|at| at >= after))
            && self.before.is_none_or(|before| at.is_some_and(|at| at <= before))
    }
}
