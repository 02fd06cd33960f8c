//! [`EventData`]: all event types with their payloads.

use std::fmt;

use clerk_types::{
    Field, Mismatch, Reading, Shape,
    common::DeletedObject,
    domain::OrganizationDomain,
    email::Email,
    invitation::{OrganizationInvitation, WaitlistEntry},
    membership::OrganizationMembership,
    organization::Organization,
    role::{Permission, Role},
    session::Session,
    user::User,
    webhook::SmsMessage,
    webhook_billing::{BillingPaymentAttempt, BillingSubscription, BillingSubscriptionItem},
};
use serde::{Serialize, Serializer};
use serde_json::Value;

macro_rules! events {
    ($($(#[$meta:meta])* $text:literal => $variant:ident($payload:ident),)*) => {
        /// What happened, and to which object: one variant for each event type.
        ///
        /// Clerk may add types, so a `match` needs a `_` arm. Answer 2xx there too: Clerk repeats all other responses.
        /// You choose the event types of an endpoint on its page in the Clerk dashboard.
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum EventData {
            $($(#[$meta])* #[doc = concat!("\n\n`", $text, "`")] $variant(Box<$payload>),)*
            /// An unknown event type, or a payload that does not match its type.
            Unknown(UnknownEvent),
        }

        /// All known event types.
        pub const EVENT_TYPES: &[&str] = &[$($text),*];

        /// The type of an event's payload as data. Tests compare it with Clerk's description.
        #[doc(hidden)]
        #[must_use]
        pub fn payload_shape(event_type: &str) -> Option<Shape> {
            match event_type {
                $($text => Some($payload::SHAPE),)*
                _ => None,
            }
        }

        impl EventData {
            /// The event type, such as `user.created`. Empty if the payload has none.
            #[must_use]
            pub fn event_type(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $text,)*
                    Self::Unknown(unknown) => unknown.event_type(),
                }
            }

            pub(crate) fn read(event_type: Option<String>, data: Option<Value>) -> Self {
                match event_type.as_deref() {
                    $(Some($text) => read_payload($text, data, Self::$variant),)*
                    _ => {
                        tracing::debug!(target: "clerk", event_type, "a webhook has an unknown event type");
                        Self::Unknown(UnknownEvent { event_type, data, error: None })
                    }
                }
            }

            /// The payload as JSON; `None` if the event has none.
            pub(crate) fn to_value(&self) -> Option<Value> {
                match self {
                    $(Self::$variant(payload) => Some(payload.to_value()),)*
                    Self::Unknown(unknown) => unknown.data.clone(),
                }
            }
        }

        impl fmt::Debug for EventData {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(payload) => f.debug_tuple(stringify!($variant)).field(payload).finish(),)*
                    Self::Unknown(unknown) => unknown.fmt(f),
                }
            }
        }
    };
}

events! {
    /// Clerk has sent an email, or you have to send it.
    "email.created" => EmailCreated(Email),
    /// An organization was created.
    "organization.created" => OrganizationCreated(Organization),
    /// An organization has changed.
    "organization.updated" => OrganizationUpdated(Organization),
    /// An organization was deleted.
    "organization.deleted" => OrganizationDeleted(DeletedObject),
    /// A domain was added to an organization.
    "organizationDomain.created" => OrganizationDomainCreated(OrganizationDomain),
    /// An organization's domain has changed, for example it was verified.
    "organizationDomain.updated" => OrganizationDomainUpdated(OrganizationDomain),
    /// A domain was removed from an organization.
    "organizationDomain.deleted" => OrganizationDomainDeleted(DeletedObject),
    /// An invitation to an organization was created.
    "organizationInvitation.created" => OrganizationInvitationCreated(OrganizationInvitation),
    /// An invitation to an organization was accepted.
    "organizationInvitation.accepted" => OrganizationInvitationAccepted(OrganizationInvitation),
    /// An invitation to an organization was revoked.
    "organizationInvitation.revoked" => OrganizationInvitationRevoked(OrganizationInvitation),
    /// An organization has a new member.
    "organizationMembership.created" => OrganizationMembershipCreated(OrganizationMembership),
    /// A membership has changed, for example its role.
    "organizationMembership.updated" => OrganizationMembershipUpdated(OrganizationMembership),
    /// A member has left an organization, or was removed.
    "organizationMembership.deleted" => OrganizationMembershipDeleted(OrganizationMembership),
    /// A payment was started.
    "paymentAttempt.created" => PaymentAttemptCreated(BillingPaymentAttempt),
    /// A payment has succeeded or failed.
    "paymentAttempt.updated" => PaymentAttemptUpdated(BillingPaymentAttempt),
    /// A permission was created.
    "permission.created" => PermissionCreated(Permission),
    /// A permission has changed.
    "permission.updated" => PermissionUpdated(Permission),
    /// A permission was deleted.
    "permission.deleted" => PermissionDeleted(DeletedObject),
    /// A role was created.
    "role.created" => RoleCreated(Role),
    /// A role has changed.
    "role.updated" => RoleUpdated(Role),
    /// A role was deleted.
    "role.deleted" => RoleDeleted(DeletedObject),
    /// A user has signed in.
    "session.created" => SessionCreated(Session),
    /// A user has signed in, but must complete a task first.
    "session.pending" => SessionPending(Session),
    /// A session has ended, because it expired or the user signed out.
    "session.ended" => SessionEnded(Session),
    /// A session was removed, for example because the user signed out.
    "session.removed" => SessionRemoved(Session),
    /// A session was revoked, for example by an administrator.
    "session.revoked" => SessionRevoked(Session),
    /// Clerk has sent a text message, or you have to send it.
    "sms.created" => SmsCreated(SmsMessage),
    /// A subscription was created.
    "subscription.created" => SubscriptionCreated(BillingSubscription),
    /// A subscription has changed.
    "subscription.updated" => SubscriptionUpdated(BillingSubscription),
    /// A subscription has become active.
    "subscription.active" => SubscriptionActive(BillingSubscription),
    /// A subscription was not paid in time.
    "subscription.pastDue" => SubscriptionPastDue(BillingSubscription),
    /// An item was added to a subscription. Defined in Clerk's JavaScript SDK, but not in its API description.
    "subscriptionItem.created" => SubscriptionItemCreated(BillingSubscriptionItem),
    /// An upcoming item was replaced by another one.
    "subscriptionItem.abandoned" => SubscriptionItemAbandoned(BillingSubscriptionItem),
    /// An item has become active.
    "subscriptionItem.active" => SubscriptionItemActive(BillingSubscriptionItem),
    /// An item was canceled. It stays active until its period ends.
    "subscriptionItem.canceled" => SubscriptionItemCanceled(BillingSubscriptionItem),
    /// An item has ended.
    "subscriptionItem.ended" => SubscriptionItemEnded(BillingSubscriptionItem),
    /// An item's free trial ends in a few days.
    "subscriptionItem.freeTrialEnding" => SubscriptionItemFreeTrialEnding(BillingSubscriptionItem),
    /// An item waits for its first payment.
    "subscriptionItem.incomplete" => SubscriptionItemIncomplete(BillingSubscriptionItem),
    /// An item was not paid in time.
    "subscriptionItem.pastDue" => SubscriptionItemPastDue(BillingSubscriptionItem),
    /// An item begins when the period of another ends.
    "subscriptionItem.upcoming" => SubscriptionItemUpcoming(BillingSubscriptionItem),
    /// An item has changed.
    "subscriptionItem.updated" => SubscriptionItemUpdated(BillingSubscriptionItem),
    /// A user was created.
    "user.created" => UserCreated(User),
    /// A user has changed, for example was banned or locked.
    "user.updated" => UserUpdated(User),
    /// A user was deleted.
    "user.deleted" => UserDeleted(DeletedObject),
    /// A waitlist entry was created.
    "waitlistEntry.created" => WaitlistEntryCreated(WaitlistEntry),
    /// A waitlist entry has changed, for example was invited.
    "waitlistEntry.updated" => WaitlistEntryUpdated(WaitlistEntry),
}

impl Serialize for EventData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

/// An event with an unknown type, or with a payload that does not match its type.
#[derive(Clone)]
pub struct UnknownEvent {
    pub(super) event_type: Option<String>,
    data: Option<Value>,
    error: Option<Mismatch>,
}

impl UnknownEvent {
    /// The event type. Empty if the payload has none.
    #[must_use]
    pub fn event_type(&self) -> &str {
        self.event_type.as_deref().unwrap_or_default()
    }

    /// The untyped payload.
    #[must_use]
    pub const fn data(&self) -> Option<&Value> {
        self.data.as_ref()
    }

    /// Why the payload does not match its known type, with a place such as `data.id`. `None` if the type is unknown.
    #[must_use]
    pub const fn error(&self) -> Option<&Mismatch> {
        self.error.as_ref()
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknown")
            .field("event_type", &self.event_type())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

fn read_payload<T: Field>(event_type: &str, data: Option<Value>, wrap: fn(Box<T>) -> EventData) -> EventData {
    let mut reading = Reading::lenient();
    match T::read(data.clone().unwrap_or_default(), &mut reading) {
        Ok(payload) => {
            log_differences(event_type, &reading);
            wrap(Box::new(payload))
        }
        Err(error) => {
            let error = error.prefixed_by("data");
            tracing::error!(target: "clerk", event_type, %error, "a webhook's payload does not match its event type; the handler gets it untyped and may ignore it");
            EventData::Unknown(UnknownEvent { event_type: Some(event_type.to_owned()), data, error: Some(error) })
        }
    }
}

pub(crate) fn log_differences(event_type: &str, reading: &Reading) {
    for difference in reading.differences() {
        tracing::warn!(target: "clerk", event_type, %difference, "an optional member of a webhook does not have its documented type and is kept untyped");
    }
}
