//! [`InstanceKeys`]: the keys of an instance.

use clerk_core::config::{MachineSecretKey, SecretKey};

use crate::{
    error::StartError,
    keys::{KeySource, SigningKey, random_id},
    store::Store,
    webhooks,
};

/// The keys of an instance: new ones at each start, unless a data file keeps them.
pub(crate) struct InstanceKeys {
    pub(crate) secret_key: SecretKey,
    pub(crate) machine_id: String,
    pub(crate) machine_secret_key: MachineSecretKey,
    pub(crate) signing_key: SigningKey,
    pub(crate) webhook_secret: String,
}

impl InstanceKeys {
    /// Loads the keys from the data file, or creates and stores new ones.
    pub(crate) fn load_or_create(store: &Store, keys: KeySource) -> Result<Self, StartError> {
        let id = |name: &str, prefix: &str| store.setting(name, || Ok(random_id(prefix)));
        let machine_id = id("machine_id", "mch")?;
        // The machine's key may have been rotated.
        let machine_secret_key = match store.machines.get(&machine_id) {
            Some(machine) => machine.secret_key.clone(),
            None => id("machine_secret_key", "ak")?,
        };
        Ok(Self {
            secret_key: id("secret_key", "sk_test")?.parse().map_err(|_| StartError::invalid_setting("secret_key"))?,
            machine_id,
            machine_secret_key: machine_secret_key
                .parse()
                .map_err(|_| StartError::invalid_setting("machine_secret_key"))?,
            signing_key: SigningKey::from_text(&store.setting(SIGNING_KEY, || keys.key()?.to_text())?)
                .ok_or_else(|| StartError::invalid_setting(SIGNING_KEY))?,
            webhook_secret: store.setting("webhook_secret", webhooks::new_secret)?,
        })
    }
}

/// The name under which the signing key is stored.
pub(crate) const SIGNING_KEY: &str = "signing_key";
