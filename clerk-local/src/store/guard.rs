//! [`StoreGuard`]: the locked store.

use std::{
    ops::{Deref, DerefMut},
    sync::MutexGuard,
};

use serde::{Serialize, de::DeserializeOwned};

use super::{Record, Store, Table, TableVisitor};

/// The locked store. Changes are stored in the data file when it is dropped.
pub(crate) struct StoreGuard<'s> {
    store: MutexGuard<'s, Store>,
}

impl<'s> StoreGuard<'s> {
    pub(crate) const fn new(store: MutexGuard<'s, Store>) -> Self {
        Self { store }
    }
}

impl Drop for StoreGuard<'_> {
    fn drop(&mut self) {
        let store = &mut *self.store;
        #[cfg(feature = "sqlite")]
        if let Some(mut file) = store.file.take() {
            if let Err(error) = file.save(store) {
                tracing::error!(target: "clerk_local", %error, "changes could not be stored in the data file");
            }
            store.file = Some(file);
            return;
        }
        store.each_table(&mut ForgetChanges);
    }
}

/// Forgets the changes where there is no data file.
struct ForgetChanges;

impl TableVisitor for ForgetChanges {
    fn table<T: Record + Serialize + DeserializeOwned>(&mut self, table: &mut Table<T>) {
        table.forget_changes();
    }
}

impl Deref for StoreGuard<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl DerefMut for StoreGuard<'_> {
    fn deref_mut(&mut self) -> &mut Store {
        &mut self.store
    }
}
