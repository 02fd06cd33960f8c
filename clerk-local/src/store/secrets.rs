//! Passwords and second factors: methods of [`Secrets`].

use clerk_core::time::Timestamp;

use super::user::Secrets;
use crate::{backup_codes::BackupCodes, password::PasswordHash};

impl Secrets {
    /// Sets the password; returns whether it is acceptable.
    pub(crate) fn set_password(&mut self, password: &str) -> bool {
        let hash = PasswordHash::new(password);
        let is_set = hash.is_some();
        if is_set {
            self.replace_password(hash);
        }
        is_set
    }

    /// Replaces or removes the password.
    pub(crate) fn replace_password(&mut self, password: Option<PasswordHash>) {
        (self.password, self.password_compromised) = (password, false);
    }

    /// Whether this is the password.
    pub(crate) fn is_password(&self, password: &str) -> bool {
        self.password.as_ref().is_some_and(|hash| hash.verify(password))
    }

    /// Whether the user's app shows this code now; the code is used up then.
    pub(crate) fn use_totp(&mut self, code: &str, now: Timestamp) -> bool {
        match self.totp.as_ref().and_then(|(secret, _)| secret.verify(code, now)) {
            Some(step) if self.totp_step.is_none_or(|last| step > last) => {
                self.totp_step = Some(step);
                true
            }
            _ => false,
        }
    }

    /// Replaces the backup codes by new ones; `None` when the system's random source fails.
    pub(crate) fn new_backup_codes(&mut self) -> Option<Vec<String>> {
        let (codes, texts) = BackupCodes::generate()?;
        self.backup_codes = codes;
        Some(texts)
    }

    /// Whether this is an unused backup code; it is used up then.
    pub(crate) fn use_backup_code(&mut self, code: &str) -> bool {
        self.backup_codes.use_up(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::totp::TotpSecret;

    const NOW: Timestamp = Timestamp::from_unix_seconds(3000);

    #[test]
    fn passwords_and_codes_are_good_for_their_owner_once() {
        let mut secrets = Secrets::default();
        assert!(!secrets.is_password("") && !secrets.use_totp("000000", NOW) && !secrets.use_backup_code(""));
        assert!(secrets.set_password("correct horse"));
        assert!(secrets.is_password("correct horse") && !secrets.is_password("battery"));
        assert!(!secrets.set_password(&"x".repeat(5000)), "too long");
        assert!(secrets.is_password("correct horse"), "the old one stays");

        let totp = TotpSecret::generate().unwrap();
        secrets.totp = Some((totp.clone(), true));
        let code = totp.code(NOW);
        assert!(secrets.use_totp(&code, NOW) && !secrets.use_totp(&code, NOW));

        let codes = secrets.new_backup_codes().unwrap();
        assert!(secrets.use_backup_code(&codes[3]) && !secrets.use_backup_code(&codes[3]));
    }
}
