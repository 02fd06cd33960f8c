//! [`EventData`]: every type of event, with its payload.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{
    billing::{PaymentAttempt, Subscription, SubscriptionItem},
    deleted::DeletedObject,
    email::Email,
    fields::{Fields, Json, Misfit},
    organization::Organization,
    organization_domain::OrganizationDomain,
    organization_invitation::OrganizationInvitation,
    organization_membership::OrganizationMembership,
    payload::Payload,
    role::{Permission, Role},
    session::Session,
    sms::SmsMessage,
    user::User,
    waitlist::WaitlistEntry,
};

macro_rules! events {
    ($($(#[$meta:meta])* $text:literal => $variant:ident($payload:ident),)*) => {
        /// What happened, and to what: one variant for each type of event.
        ///
        /// More types will come, so a `match` ends with `_`, which answers 2xx like the others: Clerk sends anything
        /// else again. Which types an endpoint gets is chosen on its page in the Clerk dashboard.
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum EventData {
            $($(#[$meta])* #[doc = concat!("\n\n`", $text, "`")] $variant(Box<$payload>),)*
            /// A type of event that is not known here, or a payload that does not fit its type.
            Unknown(UnknownEvent),
        }

        /// Every type of event that is known here.
        pub const EVENT_TYPES: &[&str] = &[$($text),*];

        impl EventData {
            /// Which type of event it is, such as `user.created`; empty if the payload does not say.
            #[must_use]
            pub fn event_type(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $text,)*
                    Self::Unknown(unknown) => &unknown.event_type,
                }
            }

            pub(crate) fn read(event_type: String, data: Option<Json>) -> Self {
                match &*event_type {
                    $($text => typed(event_type, data, Self::$variant),)*
                    _ => {
                        tracing::debug!(target: "clerk", event_type, "a webhook tells of an event whose type is not known");
                        Self::Unknown(UnknownEvent { event_type, data, misfit: None })
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
    /// An email is to be sent, or was.
    "email.created" => EmailCreated(Email),
    /// There is a new organization.
    "organization.created" => OrganizationCreated(Organization),
    /// An organization has changed.
    "organization.updated" => OrganizationUpdated(Organization),
    /// An organization is gone.
    "organization.deleted" => OrganizationDeleted(DeletedObject),
    /// An organization has a new domain.
    "organizationDomain.created" => OrganizationDomainCreated(OrganizationDomain),
    /// An organization's domain has changed, as when it is verified.
    "organizationDomain.updated" => OrganizationDomainUpdated(OrganizationDomain),
    /// An organization's domain is gone.
    "organizationDomain.deleted" => OrganizationDomainDeleted(DeletedObject),
    /// Somebody is invited to an organization.
    "organizationInvitation.created" => OrganizationInvitationCreated(OrganizationInvitation),
    /// Somebody has accepted an invitation to an organization.
    "organizationInvitation.accepted" => OrganizationInvitationAccepted(OrganizationInvitation),
    /// An invitation to an organization was taken back.
    "organizationInvitation.revoked" => OrganizationInvitationRevoked(OrganizationInvitation),
    /// An organization has a new member.
    "organizationMembership.created" => OrganizationMembershipCreated(OrganizationMembership),
    /// A membership has changed, as when the member gets another role.
    "organizationMembership.updated" => OrganizationMembershipUpdated(OrganizationMembership),
    /// A member has left an organization, or was removed.
    "organizationMembership.deleted" => OrganizationMembershipDeleted(OrganizationMembership),
    /// Somebody is to pay.
    "paymentAttempt.created" => PaymentAttemptCreated(PaymentAttempt),
    /// Somebody has paid, or could not.
    "paymentAttempt.updated" => PaymentAttemptUpdated(PaymentAttempt),
    /// There is a new permission.
    "permission.created" => PermissionCreated(Permission),
    /// A permission has changed.
    "permission.updated" => PermissionUpdated(Permission),
    /// A permission is gone.
    "permission.deleted" => PermissionDeleted(DeletedObject),
    /// There is a new role.
    "role.created" => RoleCreated(Role),
    /// A role has changed.
    "role.updated" => RoleUpdated(Role),
    /// A role is gone.
    "role.deleted" => RoleDeleted(DeletedObject),
    /// A user has signed in.
    "session.created" => SessionCreated(Session),
    /// A user has signed in, and has a task left to do.
    "session.pending" => SessionPending(Session),
    /// A session is over, by its end or the user's will.
    "session.ended" => SessionEnded(Session),
    /// A session was removed, as by a user who signs out.
    "session.removed" => SessionRemoved(Session),
    /// Somebody who may has ended a session.
    "session.revoked" => SessionRevoked(Session),
    /// A text message is to be sent, or was.
    "sms.created" => SmsCreated(SmsMessage),
    /// There is a new subscription.
    "subscription.created" => SubscriptionCreated(Subscription),
    /// A subscription has changed.
    "subscription.updated" => SubscriptionUpdated(Subscription),
    /// A subscription is active.
    "subscription.active" => SubscriptionActive(Subscription),
    /// A subscription was not paid in time.
    "subscription.pastDue" => SubscriptionPastDue(Subscription),
    /// A subscription has a new item. In Clerk's JavaScript SDK and not in its API's description.
    "subscriptionItem.created" => SubscriptionItemCreated(SubscriptionItem),
    /// An item that was planned has given way to another.
    "subscriptionItem.abandoned" => SubscriptionItemAbandoned(SubscriptionItem),
    /// An item is active.
    "subscriptionItem.active" => SubscriptionItemActive(SubscriptionItem),
    /// An item is canceled, and stays active until its period ends.
    "subscriptionItem.canceled" => SubscriptionItemCanceled(SubscriptionItem),
    /// An item is over.
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
    /// There is a new user.
    "user.created" => UserCreated(User),
    /// A user has changed, also when banned or locked.
    "user.updated" => UserUpdated(User),
    /// A user is gone.
    "user.deleted" => UserDeleted(DeletedObject),
    /// Somebody has joined the waitlist.
    "waitlistEntry.created" => WaitlistEntryCreated(WaitlistEntry),
    /// An entry of the waitlist has changed, as when it is invited.
    "waitlistEntry.updated" => WaitlistEntryUpdated(WaitlistEntry),
}

/// An event that there is no type for here, as it came.
#[derive(Clone)]
pub struct UnknownEvent {
    event_type: String,
    data: Option<Json>,
    misfit: Option<Misfit>,
}

impl UnknownEvent {
    /// Its type, as Clerk writes it; empty if the payload does not say.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// What happened to what, untyped.
    #[must_use]
    pub const fn data(&self) -> Option<&Json> {
        self.data.as_ref()
    }

    /// Why a type that is known does not fit; `None` when the type is not known.
    #[must_use]
    pub const fn misfit(&self) -> Option<&Misfit> {
        self.misfit.as_ref()
    }
}

impl EventData {
    /// Whether the event has a payload at all.
    pub(crate) const fn is_there(&self) -> bool {
        !matches!(self, Self::Unknown(UnknownEvent { data: None, .. }))
    }
}

fn typed<T: Payload>(event_type: String, data: Option<Json>, wrap: fn(Box<T>) -> EventData) -> EventData {
    let fields: Option<Fields> = data.as_ref().and_then(|data| data.parse().ok());
    match fields.map_or(Err(Misfit::whole()), T::read) {
        Ok(payload) => wrap(Box::new(payload)),
        Err(misfit) => {
            tracing::error!(target: "clerk", event_type, %misfit, "a webhook's payload does not fit its type; it is handed on untyped, and mostly that means ignored");
            EventData::Unknown(UnknownEvent { event_type, data, misfit: Some(misfit) })
        }
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknown")
            .field("event_type", &self.event_type)
            .field("misfit", &self.misfit)
            .finish_non_exhaustive()
    }
}
