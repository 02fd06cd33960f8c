//! [`Event`]: the typed content of a webhook.
//!
//! ```
//! use clerk_webhook::{Event, EventData};
//!
//! # let json = r#"{"object": "event", "type": "user.deleted", "timestamp": 1768478400123, "instance_id": "ins_1",
//! #     "data": {"object": "user", "id": "user_1", "deleted": true}}"#;
//! let event: Event = serde_json::from_str(json)?;
//! match event.data {
//!     EventData::UserDeleted(user) => println!("{:?} is gone", user.id),
//!     EventData::Unknown(unknown) => println!("{unknown:?}"), // Clerk sends something new
//!     _ => {}
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Every event type of [Clerk's catalogue](https://clerk.com/docs/guides/development/webhooks/overview#supported-events)
//! is a variant of [`EventData`]. Its payload is an object of [`clerk_types`], the same as in the Backend API: one function
//! can store the [`User`] of `user.created` and the one that a call returns.
//!
//! A signed webhook with new content is never an error, because Clerk would repeat it for more than a day and then disable
//! your endpoint:
//!
//! | Clerk sends | you get |
//! |---|---|
//! | an unknown event type | [`EventData::Unknown`], with the JSON |
//! | an unknown member | the value in the object's `other` |
//! | an optional member with a type other than documented | `None`, the value in `other`, and a line in the log |
//! | a payload without a required id, or without a flag such as `banned` | [`EventData::Unknown`], with the JSON and the [`Mismatch`]; a line in the log |
//! | a payload with a required member of another type | the same |
//! | a payload without another required member | an empty text or list, zero or `false`, as from the Backend API |
//! | an unknown value of an enum | its `Unknown`, with the text |
//! | a value that is nested more than 127 levels deep, or a number out of range | its JSON as a text |
//!
//! An event serializes to the JSON it was read from, with `1` for a whole number that was written as `1.0`.

mod data;
mod envelope;

#[doc(no_inline)]
pub use clerk_types::{
    Mismatch, OtherFields,
    common::DeletedObject,
    domain::OrganizationDomain,
    email::Email,
    invitation::{OrganizationInvitation, WaitlistEntry},
    membership::OrganizationMembership,
    organization::Organization,
    role::{Permission, Role},
    session::Session,
    user::User,
    webhook::{EventAttributes, HttpRequest, SmsMessage},
    webhook_billing::{BillingPaymentAttempt, BillingSubscription, BillingSubscriptionItem},
};

#[doc(hidden)]
pub use self::data::payload_shape;
pub use self::{
    data::{EVENT_TYPES, EventData, UnknownEvent},
    envelope::Event,
};
