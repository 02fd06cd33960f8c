//! [`SessionTask`]: what a user must do before their session counts as signed in
//! ([Clerk's page on tasks](https://clerk.com/docs/guides/configure/session-tasks)).

use super::{Session, Store, User};

/// What a user must do after a sign-in; until then the session is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionTask {
    ChooseOrganization,
    ResetPassword,
    SetupMfa,
}

impl SessionTask {
    /// The task, as Clerk names it.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::ChooseOrganization => "choose-organization",
            Self::ResetPassword => "reset-password",
            Self::SetupMfa => "setup-mfa",
        }
    }
}

impl Store {
    /// What is left to do in a session, in the order in which the components ask for it.
    pub(crate) fn tasks(&self, session: &Session) -> Vec<SessionTask> {
        let Some(user) = self.users.get(&session.user_id) else { return Vec::new() };
        // An impersonator neither has nor changes the user's credentials.
        let is_own = session.actor.is_none();
        self.tasks_of(user, is_own && session.resets_password, is_own, self.active_organization(session).is_some())
    }

    /// What would be left to do in a new session of a user, whose first organization would be active.
    pub(crate) fn tasks_after_sign_in(&self, user: &User) -> Vec<SessionTask> {
        self.tasks_of(user, true, true, self.memberships_of(&user.id).next().is_some())
    }

    fn tasks_of(
        &self,
        user: &User,
        resets_password: bool,
        sets_up_mfa: bool,
        has_organization: bool,
    ) -> Vec<SessionTask> {
        let settings = &self.user_settings;
        let has_bad_password = user.secrets.password_compromised && settings.password.is_enabled();
        let lacks_factor = settings.require_multi_factor && !user.has_second_factor();
        let lacks_organization = settings.force_organization_selection && !has_organization;
        let tasks = [
            (SessionTask::ResetPassword, resets_password && has_bad_password),
            (SessionTask::SetupMfa, sets_up_mfa && lacks_factor),
            (SessionTask::ChooseOrganization, lacks_organization || user.pending),
        ];
        tasks.into_iter().filter(|(_, is_left)| *is_left).map(|(task, _)| task).collect()
    }
}
