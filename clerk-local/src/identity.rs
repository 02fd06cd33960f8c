//! [`InstanceKeys`]: the keys of an instance.

use clerk_core::{MachineSecretKey, SecretKey};

use crate::{
    error::StartError,
    keys::{KeySource, SigningKey, random_id},
    store::Store,
    webhooks,
};

/// What makes an instance that instance: its keys, other ones at each start unless they are kept in a file.
pub(crate) struct InstanceKeys {
    pub(crate) secret_key: SecretKey,
    pub(crate) machine_id: String,
    pub(crate) machine_secret_key: MachineSecretKey,
    pub(crate) signing_key: SigningKey,
    pub(crate) webhook_secret: String,
}

impl InstanceKeys {
    /// The identity that the store's file has, or else a new one, which is kept there.
    pub(crate) fn load_or_create(store: &Store, keys: KeySource) -> Result<Self, StartError> {
        let id = |name: &str, prefix: &str| store.setting(name, || Ok(random_id(prefix)));
        let machine_id = id("machine_id", "mch")?;
        // It may have been given another key since.
        let machine_secret_key = match store.machines.get(&machine_id) {
            Some(machine) => machine.secret_key.clone(),
            None => id("machine_secret_key", "ak")?,
        };
        Ok(Self {
            secret_key: id("secret_key", "sk_test")?.parse().map_err(|_| StartError::unreadable("secret_key"))?,
            machine_id,
            machine_secret_key: machine_secret_key.parse().map_err(|_| StartError::unreadable("machine_secret_key"))?,
            signing_key: SigningKey::from_text(&store.setting(SIGNING_KEY, || keys.key()?.to_text())?)
                .ok_or_else(|| StartError::unreadable(SIGNING_KEY))?,
            webhook_secret: store.setting("webhook_secret", webhooks::new_secret)?,
        })
    }
}

/// What the signing key is kept as.
pub(crate) const SIGNING_KEY: &str = "signing_key";
