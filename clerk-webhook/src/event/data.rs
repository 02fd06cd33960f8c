//! [`EventData`]: all event types with their payloads. [`DeletedObject`] is the payload of all deletions.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{
    billing::{PaymentAttempt, Subscription, SubscriptionItem},
    fields::{Fields, Json, PayloadError},
    organization::Organization,
    organization_domain::OrganizationDomain,
    organization_invitation::OrganizationInvitation,
    organization_membership::OrganizationMembership,
    outgoing_message::{Email, SmsMessage},
    payload::{Payload, payload},
    role::{Permission, Role},
    session::Session,
    user::User,
    waitlist::WaitlistEntry,
};

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

        impl EventData {
            /// The event type, such as `user.created`. Empty if the payload has none.
            #[must_use]
            pub fn event_type(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $text,)*
                    Self::Unknown(unknown) => &unknown.event_type,
                }
            }

            pub(crate) fn read(event_type: String, data: Option<Json>) -> Self {
                match &*event_type {
                    $($text => parse_payload(event_type, data, Self::$variant),)*
                    _ => {
                        tracing::debug!(target: "clerk", event_type, "a webhook has an unknown event type");
                        Self::Unknown(UnknownEvent { event_type, data, error: None })
                    }
                }
            }
        }

        impl Serialize for EventData {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(payload) => payload.serialize(serializer),)*
                    Self::Unknown(unknown) => unknown.data.serialize(serializer),
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
    "paymentAttempt.created" => PaymentAttemptCreated(PaymentAttempt),
    /// A payment has succeeded or failed.
    "paymentAttempt.updated" => PaymentAttemptUpdated(PaymentAttempt),
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
    "subscription.created" => SubscriptionCreated(Subscription),
    /// A subscription has changed.
    "subscription.updated" => SubscriptionUpdated(Subscription),
    /// A subscription has become active.
    "subscription.active" => SubscriptionActive(Subscription),
    /// A subscription was not paid in time.
    "subscription.pastDue" => SubscriptionPastDue(Subscription),
    /// An item was added to a subscription. Defined in Clerk's JavaScript SDK, but not in its API description.
    "subscriptionItem.created" => SubscriptionItemCreated(SubscriptionItem),
    /// An upcoming item was replaced by another one.
    "subscriptionItem.abandoned" => SubscriptionItemAbandoned(SubscriptionItem),
    /// An item has become active.
    "subscriptionItem.active" => SubscriptionItemActive(SubscriptionItem),
    /// An item was canceled. It stays active until its period ends.
    "subscriptionItem.canceled" => SubscriptionItemCanceled(SubscriptionItem),
    /// An item has ended.
    "subscriptionItem.ended" => SubscriptionItemEnded(SubscriptionItem),
    /// An item's free trial ends in a few days.
    "subscriptionItem.freeTrialEnding" => SubscriptionItemFreeTrialEnding(SubscriptionItem),
    /// An item waits for its first payment.
    "subscriptionItem.incomplete" => SubscriptionItemIncomplete(SubscriptionItem),
    /// An item was not paid in time.
    "subscriptionItem.pastDue" => SubscriptionItemPastDue(SubscriptionItem),
    /// An item begins when the period of another ends.
    "subscriptionItem.upcoming" => SubscriptionItemUpcoming(SubscriptionItem),
    /// An item has changed.
    "subscriptionItem.updated" => SubscriptionItemUpdated(SubscriptionItem),
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

payload! {
    /// A deleted user, organization, domain, role or permission.
    pub struct DeletedObject {
        /// The object type, such as `user`.
        pub object: Option<String>,
        /// Its id.
        pub id: Option<String>,
        /// Its slug, if it had one.
        pub slug: Option<String>,
        /// Always true.
        pub deleted: bool,
        /// The id in your own system.
        pub external_id: Option<String>,
    }
}

/// An event with an unknown type, or with a payload that does not match its type.
#[derive(Clone)]
pub struct UnknownEvent {
    event_type: String,
    data: Option<Json>,
    error: Option<PayloadError>,
}

impl UnknownEvent {
    /// The event type. Empty if the payload has none.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// The untyped payload.
    #[must_use]
    pub const fn data(&self) -> Option<&Json> {
        self.data.as_ref()
    }

    /// Why the payload does not match its known type. `None` if the type is unknown.
    #[must_use]
    pub const fn error(&self) -> Option<&PayloadError> {
        self.error.as_ref()
    }
}

impl EventData {
    /// Whether the event has a payload.
    pub(crate) const fn has_payload(&self) -> bool {
        !matches!(self, Self::Unknown(UnknownEvent { data: None, .. }))
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknown")
            .field("event_type", &self.event_type)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

fn parse_payload<T: Payload>(event_type: String, data: Option<Json>, wrap: fn(Box<T>) -> EventData) -> EventData {
    let fields: Option<Fields> = data.as_ref().and_then(|data| data.parse().ok());
    match fields.map_or(Err(PayloadError::no_object()), T::read) {
        Ok(payload) => wrap(Box::new(payload)),
        Err(error) => {
            tracing::error!(target: "clerk", event_type, %error, "a webhook's payload does not match its event type; the handler gets it untyped and may ignore it");
            EventData::Unknown(UnknownEvent { event_type, data, error: Some(error) })
        }
    }
}
