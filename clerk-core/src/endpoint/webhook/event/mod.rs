//! [`Event`]: what a webhook tells, typed.
//!
//! Every event type of [Clerk's catalogue](https://clerk.com/docs/guides/development/webhooks/overview#supported-events)
//! is a variant of [`EventData`] with a payload of its own. Nothing that is signed is ever an error for being new, as
//! Clerk would send it again for more than a day and then switch your endpoint off:
//!
//! | Clerk sends | you get |
//! |---|---|
//! | an event type that is not known here | [`EventData::Unknown`], with the JSON |
//! | a field that is not known here | in the payload's `other`, as [`Json`] |
//! | an optional field of another type than documented | `None`, the value in `other`, and a line in the log |
//! | a payload without what it is about, such as an id | [`EventData::Unknown`], with the JSON and the [`Misfit`]; a line in the log |
//! | another value of an enum | its `Unknown`, with the text |
//!
//! A missing field and one that is null are the same. An event serializes to what it was read from, without its nulls, and
//! with the `false` and `[]` that it left out.

mod billing;
mod data;
mod deleted;
mod email;
mod enterprise;
mod envelope;
mod external_account;
mod fields;
mod identification;
mod organization;
mod organization_domain;
mod organization_invitation;
mod organization_membership;
mod payload;
mod role;
mod session;
mod sms;
mod user;
mod verification;
mod waitlist;

pub use self::{
    billing::{
        Amount, BillingInterval, Credits, FailedReason, Payee, Payer, PayerCredit, PaymentAttempt, PaymentChargeType,
        PaymentSource, PaymentStatus, Plan, ProrationCredit, Seats, Subscription, SubscriptionItem,
        SubscriptionItemStatus, SubscriptionStatus, Totals, UnitPrice, UnitPriceTier, UnitTotal,
    },
    data::{EVENT_TYPES, EventData, UnknownEvent},
    deleted::DeletedObject,
    email::Email,
    enterprise::{EnterpriseAccount, EnterpriseConnection, SamlAccount},
    envelope::{Event, EventAttributes, HttpRequest},
    external_account::ExternalAccount,
    fields::{Fields, Json, Misfit},
    identification::{EmailAddress, IdentificationLink, Passkey, PhoneNumber, Web3Wallet},
    organization::{Organization, PublicOrganizationData},
    organization_domain::{EnrollmentMode, OrganizationDomain, OrganizationDomainVerification},
    organization_invitation::{OrganizationInvitation, OrganizationInvitationData},
    organization_membership::{OrganizationMembership, PublicUserData},
    role::{Permission, Role},
    session::{Session, SessionActivity, SessionStatus},
    sms::SmsMessage,
    user::{ScimUser, User},
    verification::{Verification, VerificationError, VerificationStatus},
    waitlist::{Invitation, InvitationStatus, WaitlistEntry, WaitlistStatus},
};
