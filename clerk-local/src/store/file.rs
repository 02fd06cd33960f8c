//! [`DataFile`]: keeps the data of an instance from one run to the next.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, params};
use serde::{Serialize, de::DeserializeOwned};

use super::{Change, Record, Store, Table, TableVisitor};
use crate::error::StartError;

/// An SQLite file that one process has open.
pub(crate) struct DataFile {
    path: PathBuf,
    connection: Connection,
}

impl DataFile {
    /// Opens the file, or creates it, and locks out other processes.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let failed = |error| StartError::file(path, error);
        create_private(path).map_err(|error| StartError::file(path, error))?;
        let connection = Connection::open(path).map_err(failed)?;
        connection
            .execute_batch(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                BEGIN EXCLUSIVE;
                CREATE TABLE IF NOT EXISTS things (
                    number INTEGER PRIMARY KEY AUTOINCREMENT,
                    kind TEXT NOT NULL,
                    id TEXT NOT NULL,
                    body TEXT NOT NULL,
                    UNIQUE (kind, id)
                );
                CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
                COMMIT;",
            )
            .map_err(|error| match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StartError::file_in_use(path),
                _ => failed(error),
            })?;
        Ok(Self { path: path.to_owned(), connection })
    }

    /// The setting with this name; if it is missing, makes and stores it.
    pub(crate) fn setting(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<String, StartError>,
    ) -> Result<String, StartError> {
        let known = self.connection.query_row("SELECT value FROM settings WHERE name = ?1", [name], |row| row.get(0));
        if let Some(known) = known.optional().map_err(|error| StartError::file(&self.path, error))? {
            return Ok(known);
        }
        let value = make()?;
        self.set_setting(name, &value)?;
        Ok(value)
    }

    /// Stores a setting.
    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), StartError> {
        let write = "INSERT INTO settings (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.connection.execute(write, [name, value]).map_err(|error| StartError::file(&self.path, error))?;
        Ok(())
    }

    /// Loads the store, or creates it from the seed and stores it.
    pub(crate) fn store(mut self, seed: impl FnOnce() -> Store) -> Result<Store, StartError> {
        let mut store = Store::default();
        let failed = |error| StartError::file(&self.path, error);
        if !self.load(&mut store).map_err(failed)? {
            store = seed();
            let path = self.path.clone();
            self.save(&mut store).map_err(|error| StartError::file(&path, error))?;
        }
        store.file = Some(Box::new(self));
        Ok(store)
    }

    /// Adds the content of the file to the store; returns whether there was any.
    fn load(&self, store: &mut Store) -> rusqlite::Result<bool> {
        let mut loader = Loader { connection: &self.connection, result: Ok(0) };
        store.each_table(&mut loader);
        Ok(loader.result? > 0)
    }

    /// Stores what has changed since the last time.
    pub(crate) fn save(&mut self, store: &mut Store) -> rusqlite::Result<()> {
        if !store.has_changed() {
            return Ok(());
        }
        let mut saver = Saver { transaction: self.connection.transaction()?, result: Ok(()) };
        store.each_table(&mut saver);
        saver.result?;
        saver.transaction.commit()
    }
}

impl Store {
    fn has_changed(&mut self) -> bool {
        let mut changed = ChangeDetector(false);
        self.each_table(&mut changed);
        changed.0
    }
}

struct ChangeDetector(bool);

impl TableVisitor for ChangeDetector {
    fn table<T: Record + Serialize + DeserializeOwned>(&mut self, table: &mut Table<T>) {
        self.0 |= table.has_changed();
    }
}

struct Loader<'f> {
    connection: &'f Connection,
    result: rusqlite::Result<usize>,
}

impl TableVisitor for Loader<'_> {
    fn table<T: Record + Serialize + DeserializeOwned>(&mut self, table: &mut Table<T>) {
        let Ok(count) = &mut self.result else { return };
        let read = || -> rusqlite::Result<Vec<T>> {
            let mut query = self.connection.prepare("SELECT body FROM things WHERE kind = ?1 ORDER BY number")?;
            let bodies = query.query_map([T::KIND], |row| row.get::<_, String>(0))?;
            bodies.map(|body| serde_json::from_str(&body?).map_err(|error| unreadable(T::KIND, error))).collect()
        };
        match read() {
            Ok(things) => {
                *count += things.len();
                things.into_iter().for_each(|thing| table.put(thing));
                table.take_changes().for_each(drop);
            }
            Err(error) => self.result = Err(error),
        }
    }
}

struct Saver<'f> {
    transaction: Transaction<'f>,
    result: rusqlite::Result<()>,
}

impl TableVisitor for Saver<'_> {
    fn table<T: Record + Serialize + DeserializeOwned>(&mut self, table: &mut Table<T>) {
        let write = |(id, change): (String, Change<'_, T>)| -> rusqlite::Result<()> {
            // An added record may have the id of a removed one, but not its place.
            if matches!(change, Change::Added(_) | Change::Removed) {
                self.transaction.execute("DELETE FROM things WHERE kind = ?1 AND id = ?2", params![T::KIND, id])?;
            }
            let (Change::Added(thing) | Change::Changed(thing)) = change else { return Ok(()) };
            let body = serde_json::to_string(thing).map_err(|error| unreadable(T::KIND, error))?;
            self.transaction.execute(
                "INSERT INTO things (kind, id, body) VALUES (?1, ?2, ?3)
                ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                params![T::KIND, id, body],
            )?;
            Ok(())
        };
        if self.result.is_ok() {
            self.result = table.take_changes().try_for_each(write);
        }
    }
}

fn unreadable(kind: &str, error: serde_json::Error) -> rusqlite::Error {
    let kind = format!("a {kind} of another version of clerk-local: {error}");
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, kind.into())
}

/// Creates the file for this user only: it holds keys and password hashes.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

impl fmt::Debug for DataFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataFile").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use clerk_core::time::Timestamp;

    use super::*;
    use crate::store::Seed;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    #[test]
    fn changes_are_loaded_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clerk.sqlite");
        let mut file = DataFile::open(&path).unwrap();
        let mut store = Seed::demo().into_store(NOW);
        file.save(&mut store).unwrap();
        store.remove_user(&store.user("bob").unwrap().id.clone());
        let alice = store.user("alice").unwrap().id.clone();
        store.users.get_mut(&alice).unwrap().last_name = Some("Adams".to_owned());
        let client = store.clients.add(NOW).id;
        let session = store.sign_in(&client, &alice, NOW).unwrap();
        file.save(&mut store).unwrap();
        drop(file);

        let mut again = Store::default();
        assert!(DataFile::open(&path).unwrap().load(&mut again).unwrap());
        let names = |store: &Store| store.users.iter().map(|user| user.name()).collect::<Vec<_>>();
        assert_eq!(names(&again), ["Alice Adams", "Carol Cooper", "Dave Dyer"]);
        assert_eq!(again.sessions.get(&session.id), Some(&session));
        let client = store.clients.get(&client).unwrap();
        assert_eq!(again.clients.find(Some(&client.cookie), None), Some(client));
        assert!(!again.has_changed());
    }

    #[test]
    fn records_keep_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clerk.sqlite");
        let mut file = DataFile::open(&path).unwrap();
        let mut store = Store::default();
        let add = |store: &mut Store, file: &mut DataFile, slugs: &[&str]| {
            for slug in slugs {
                store.add_membership("user_1", slug, "org:member", Vec::new(), NOW);
            }
            file.save(store).unwrap();
        };
        let names = ["d", "a", "c", "b", "f", "e", "h", "g"];
        add(&mut store, &mut file, &names);
        add(&mut store, &mut file, &["z", "y"]);
        store.organizations.put(crate::store::Organization::new("org_1".to_owned(), "one", "One", NOW));
        store.organizations.put(crate::store::Organization::new("org_0".to_owned(), "two", "Two", NOW));
        file.save(&mut store).unwrap();
        // Back with the same id, at another place.
        let moved = store.organizations.remove("org_1").unwrap();
        store.organizations.put(moved);
        file.save(&mut store).unwrap();
        drop(file);

        let mut again = Store::default();
        assert!(DataFile::open(&path).unwrap().load(&mut again).unwrap());
        let order = again.memberships_of("user_1").map(|membership| membership.organization_id.as_str());
        assert_eq!(order.collect::<Vec<_>>(), [&names[..], &["z", "y"]].concat());
        assert_eq!(again.organizations.iter().map(|one| &*one.id).collect::<Vec<_>>(), ["org_0", "org_1"]);
    }

    #[test]
    fn one_process_has_a_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clerk.sqlite");
        let first = DataFile::open(&path).unwrap();
        assert!(DataFile::open(&path).unwrap_err().to_string().contains("in use"));
        let made = first.setting("key", || Ok("one".to_owned())).unwrap();
        drop(first);
        assert_eq!(DataFile::open(&path).unwrap().setting("key", || Ok("two".to_owned())).unwrap(), made);
    }
}
