//! [`Event`]: the typed content of a webhook.
//!
//! Every event type of [Clerk's catalogue](https://clerk.com/docs/guides/development/webhooks/overview#supported-events)
//! is a variant of [`EventData`] with its own payload type. A signed webhook with new content is never an error, because
//! Clerk would repeat it for more than a day and then disable your endpoint:
//!
//! | Clerk sends | you get |
//! |---|---|
//! | an unknown event type | [`EventData::Unknown`], with the JSON |
//! | an unknown field | the value in the payload's `other`, as [`Json`] |
//! | an optional field with a type other than documented | `None`, the value in `other`, and a line in the log |
//! | a payload without a required field, such as its id | [`EventData::Unknown`], with the JSON and the [`PayloadError`]; a line in the log |
//! | an unknown value of an enum | its `Unknown`, with the text |
//!
//! A null field is the same as a missing one. An event serializes to the JSON it was read from, without nulls, and with
//! `false` and `[]` for missing flags and lists.

mod billing;
mod data;
mod enterprise;
mod envelope;
mod external_account;
mod fields;
mod identification;
mod organization;
mod organization_domain;
mod organization_invitation;
mod organization_membership;
mod outgoing_message;
mod payload;
mod role;
mod session;
mod user;
mod verification;
mod waitlist;

pub use self::{
    billing::{
        Amount, BillingInterval, Credits, FailedReason, Payee, Payer, PayerCredit, PaymentAttempt, PaymentChargeType,
        PaymentSource, PaymentStatus, Plan, ProrationCredit, Seats, Subscription, SubscriptionItem,
        SubscriptionItemStatus, SubscriptionStatus, Totals, UnitPrice, UnitPriceTier, UnitTotal,
    },
    data::{DeletedObject, EVENT_TYPES, EventData, UnknownEvent},
    enterprise::{EnterpriseAccount, EnterpriseConnection, SamlAccount},
    envelope::{Event, EventAttributes, HttpRequest},
    external_account::ExternalAccount,
    fields::{Fields, Json, PayloadError},
    identification::{EmailAddress, IdentificationLink, Passkey, PhoneNumber, Web3Wallet},
    organization::{Organization, PublicOrganizationData},
    organization_domain::{EnrollmentMode, OrganizationDomain, OrganizationDomainVerification},
    organization_invitation::{OrganizationInvitation, OrganizationInvitationData},
    organization_membership::{OrganizationMembership, PublicUserData},
    outgoing_message::{Email, SmsMessage},
    role::{Permission, Role},
    session::{Session, SessionActivity, SessionStatus},
    user::{ScimUser, User},
    verification::{Verification, VerificationError, VerificationStatus},
    waitlist::{Invitation, InvitationStatus, WaitlistEntry, WaitlistStatus},
};
