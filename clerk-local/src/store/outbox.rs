//! [`OutboxMessage`]: the e-mails and text messages that the instance "sent". They are stored here only.

use std::fmt;

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Table, TableVisitor, record};
use crate::keys::random_id;

/// How many messages are stored; then the oldest is dropped.
const MAX_MESSAGES: usize = 1_000;

/// An e-mail or a text message that the instance would have sent, were it Clerk's; see
/// [`LocalClerk::outbox`](crate::LocalClerk::outbox).
///
/// Its `Debug` form leaves out the body, the code and the link, because they are credentials.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OutboxMessage {
    id: String,
    /// How it would have been sent.
    pub channel: OutboxChannel,
    /// The e-mail address or, in the form `+15555550100`, the phone number.
    pub to: String,
    /// What it is for.
    pub purpose: OutboxPurpose,
    /// The subject of an e-mail; text messages have none.
    pub subject: Option<String>,
    /// The whole text, with the code or the link in it.
    pub body: String,
    /// The code to type in, six digits.
    pub code: Option<String>,
    /// The link to open.
    pub link: Option<String>,
    /// When it was sent, to the millisecond.
    pub sent_at: Timestamp,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OutboxChannel {
    /// An e-mail.
    Email,
    /// A text message to a phone.
    Sms,
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum OutboxPurpose {
    /// Verifies an address or a number that a user has added.
    IdentifierVerification,
    /// Invites a person to sign up.
    Invitation,
    /// Tells a user about a change of the account.
    Notice,
    /// Invites a person to an organization.
    OrganizationInvitation,
    /// Lets a user choose a new password.
    PasswordReset,
    /// Lets a signed-in user verify a factor again.
    Reverification,
    /// Signs a user in, as the first or the second factor.
    SignIn,
    /// Verifies an address or a number of a sign-up.
    SignUp,
}

impl OutboxPurpose {
    /// What the reader can do, to complete "... to".
    const fn action(self) -> &'static str {
        match self {
            Self::IdentifierVerification => "verify that this is yours",
            Self::Invitation => "sign up",
            Self::Notice => "read on",
            Self::OrganizationInvitation => "join the organization",
            Self::PasswordReset => "choose a new password",
            Self::Reverification => "show that it is you",
            Self::SignIn => "sign in",
            Self::SignUp => "finish signing up",
        }
    }
}

impl OutboxMessage {
    /// A message with a code to type in.
    pub(crate) fn with_code(
        channel: OutboxChannel,
        to: &str,
        purpose: OutboxPurpose,
        code: &str,
        now: Timestamp,
    ) -> Self {
        let body = format!("{code} is your code to {}. Do not share it.", purpose.action());
        let subject = format!("{code} is your verification code");
        Self { code: Some(code.to_owned()), ..Self::new(channel, to, purpose, &subject, body, now) }
    }

    /// An e-mail with a link to open.
    pub(crate) fn with_link(to: &str, purpose: OutboxPurpose, subject: &str, link: &str, now: Timestamp) -> Self {
        let body = format!("Open this link to {}: {link}", purpose.action());
        Self { link: Some(link.to_owned()), ..Self::new(OutboxChannel::Email, to, purpose, subject, body, now) }
    }

    /// An e-mail without a code or a link, about a changed password for example.
    pub(crate) fn notice(to: &str, subject: &str, body: &str, now: Timestamp) -> Self {
        Self::new(OutboxChannel::Email, to, OutboxPurpose::Notice, subject, body.to_owned(), now)
    }

    fn new(
        channel: OutboxChannel,
        to: &str,
        purpose: OutboxPurpose,
        subject: &str,
        body: String,
        now: Timestamp,
    ) -> Self {
        let subject = (channel == OutboxChannel::Email).then(|| subject.to_owned());
        let id = random_id("msg");
        Self { id, channel, to: to.to_owned(), purpose, subject, body, code: None, link: None, sent_at: now }
    }
}

impl fmt::Debug for OutboxMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxMessage")
            .field("channel", &self.channel)
            .field("to", &self.to)
            .field("purpose", &self.purpose)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}

/// The messages, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Table<OutboxMessage>);

record!(OutboxMessage, "outbox_message");

impl Outbox {
    pub(crate) fn send(&mut self, message: OutboxMessage) {
        self.0.put_and_make_room(message, MAX_MESSAGES);
    }

    pub(crate) fn visit(&mut self, visitor: &mut impl TableVisitor) {
        visitor.table(&mut self.0);
    }

    pub(crate) fn all(&self) -> Vec<OutboxMessage> {
        self.0.iter().cloned().collect()
    }

    /// The code that was last sent to this address or number.
    pub(crate) fn last_code(&self, to: &str) -> Option<&str> {
        self.latest(to).find_map(|message| message.code.as_deref())
    }

    /// The link that was last sent to this address.
    pub(crate) fn last_link(&self, to: &str) -> Option<&str> {
        self.latest(to).find_map(|message| message.link.as_deref())
    }

    /// The latest first, ignoring the case of addresses as Clerk does.
    fn latest(&self, to: &str) -> impl Iterator<Item = &OutboxMessage> {
        self.0.iter().rev().filter(move |message| message.to.eq_ignore_ascii_case(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    fn code(to: &str, code: &str) -> OutboxMessage {
        OutboxMessage::with_code(OutboxChannel::Email, to, OutboxPurpose::SignIn, code, NOW)
    }

    #[test]
    fn the_last_code_of_an_address_is_found() {
        let mut outbox = Outbox::default();
        outbox.send(code("ada@example.com", "111111"));
        outbox.send(code("ada@example.com", "222222"));
        outbox.send(code("bob@example.com", "333333"));
        outbox.send(OutboxMessage::notice("ada@example.com", "Your password has changed", "Was it you?", NOW));
        assert_eq!(outbox.last_code("Ada@Example.com"), Some("222222"));
        assert_eq!(outbox.last_code("eve@example.com"), None);
        assert_eq!(outbox.last_link("ada@example.com"), None);
        let link = "http://localhost/v1/verify?token=x";
        outbox.send(OutboxMessage::with_link("ada@example.com", OutboxPurpose::SignIn, "Sign in", link, NOW));
        assert_eq!(outbox.last_link("ada@example.com"), Some(link));
        assert_eq!(outbox.last_code("ada@example.com"), Some("222222"));
    }

    #[test]
    fn a_text_message_has_no_subject() {
        let sms = OutboxMessage::with_code(OutboxChannel::Sms, "+15555550100", OutboxPurpose::SignUp, "424242", NOW);
        assert_eq!(sms.subject, None);
        assert_eq!(sms.body, "424242 is your code to finish signing up. Do not share it.");
        assert_eq!(code("a@b.c", "123456").subject.unwrap(), "123456 is your verification code");
    }

    #[test]
    fn the_oldest_is_dropped() {
        let mut outbox = Outbox::default();
        for number in 0..=MAX_MESSAGES {
            outbox.send(code(&format!("{number}@example.com"), "111111"));
        }
        let all = outbox.all();
        assert_eq!((all.len(), &*all[0].to), (MAX_MESSAGES, "1@example.com"));
    }

    #[test]
    fn credentials_are_not_printed() {
        let link = OutboxMessage::with_link("a@b.c", OutboxPurpose::SignIn, "s", "http://localhost/secret", NOW);
        let printed = format!("{:?} {link:?}", code("a@b.c", "123456"));
        assert!(!printed.contains("123456") && !printed.contains("secret"), "{printed}");
    }
}
