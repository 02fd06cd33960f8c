//! [`KeyCache`]: signing keys of earlier runs. Generating one takes 0.1 s and often several times that, nearly all of
//! an instance's start.
//!
//! Each key has its own file in the user's cache directory, readable by the user only. A file that looks wrong is
//! neither used nor changed; the key is then generated as without a cache.

use std::{
    env,
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    error::StartError,
    keys::{SigningKey, random_id},
};

/// How many keys are stored. A process with more instances generates the others.
const MAX_KEYS: usize = 64;

/// Larger than the text of any key, in bytes; that of 2048 bits has some 1700.
const MAX_SIZE: u64 = 4096;

/// The keys in a folder. Each is handed out once per process, so that its instances have different keys.
#[derive(Debug)]
pub(crate) struct KeyCache {
    folder: PathBuf,
    /// The owner of the folder, who must own each file, too.
    user_id: u32,
    handed_out: AtomicUsize,
}

/// What was found where a key may be.
enum CacheSlot {
    Key(Box<SigningKey>),
    Empty,
    /// Something that this program has not written, or not like this; and why.
    Unusable(&'static str),
}

impl KeyCache {
    /// The user's cache, `$XDG_CACHE_HOME/clerk-local` or `~/.cache/clerk-local`, if there can be one.
    pub(crate) fn for_user() -> Option<&'static Self> {
        static FOR_USER: LazyLock<Option<KeyCache>> = LazyLock::new(|| {
            let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
            let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
            KeyCache::at(caches.join("clerk-local"))
        });
        FOR_USER.as_ref()
    }

    /// The cache in this folder, which is created if it is missing; `None` when another user could write to it.
    fn at(folder: PathBuf) -> Option<Self> {
        // An error means that it exists, or the next check finds it.
        let _ = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        let found = fs::symlink_metadata(&folder).ok()?;
        let user_id = user_id(&folder).ok()?;
        let ours = found.is_dir() && found.uid() == user_id && found.mode() & 0o022 == 0;
        if !ours {
            tracing::warn!(
                target: "clerk_local", folder = %folder.display(),
                "signing keys are not cached: other users can write to the folder"
            );
        }
        ours.then(|| Self { folder, user_id, handed_out: AtomicUsize::new(0) })
    }

    /// The next key that this process has not used.
    pub(crate) fn next(&self) -> Result<SigningKey, StartError> {
        let number = self.handed_out.fetch_add(1, Ordering::Relaxed);
        if number >= MAX_KEYS {
            return SigningKey::generate();
        }
        let path = self.folder.join(format!("signing-key-{number}"));
        match self.read_slot(&path) {
            CacheSlot::Key(key) => Ok(*key),
            CacheSlot::Empty => {
                let key = SigningKey::generate()?;
                if let Err(error) = self.store(&key, &path) {
                    tracing::debug!(target: "clerk_local", %error, path = %path.display(), "a signing key was not cached");
                }
                Ok(key)
            }
            CacheSlot::Unusable(problem) => {
                tracing::warn!(
                    target: "clerk_local", problem, path = %path.display(),
                    "a cached signing key is not used: delete the file"
                );
                SigningKey::generate()
            }
        }
    }

    fn read_slot(&self, path: &Path) -> CacheSlot {
        let found = match fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return CacheSlot::Empty,
            Err(_) => return CacheSlot::Unusable("its metadata cannot be read"),
        };
        if !found.is_file() {
            return CacheSlot::Unusable("it is not a file");
        }
        let Ok(file) = File::open(path) else { return CacheSlot::Unusable("it cannot be opened") };
        let Ok(opened) = file.metadata() else { return CacheSlot::Unusable("its metadata cannot be read") };
        if !is_same(&found, &opened) {
            return CacheSlot::Unusable("it was replaced meanwhile");
        }
        if opened.uid() != self.user_id || opened.mode() & 0o7777 != 0o600 {
            return CacheSlot::Unusable("other users can access it");
        }
        if opened.len() > MAX_SIZE {
            return CacheSlot::Unusable("it is too large");
        }
        let mut text = String::new();
        if file.take(MAX_SIZE).read_to_string(&mut text).is_err() {
            return CacheSlot::Unusable("it cannot be read");
        }
        SigningKey::from_text(&text).map_or(CacheSlot::Unusable("it is not a key"), |key| CacheSlot::Key(Box::new(key)))
    }

    /// Stores a key atomically, and never replaces a file: of two processes at once, the first one's key stays.
    fn store(&self, key: &SigningKey, path: &Path) -> io::Result<()> {
        let text = key.to_text().map_err(io::Error::other)?;
        let temporary = TemporaryFile::new(&self.folder)?;
        (&temporary.file).write_all(text.as_bytes())?;
        // After a power failure, half a file would stay unusable forever.
        temporary.file.sync_all()?;
        fs::hard_link(&temporary.path, path)
    }
}

/// A temporary file for this user only, deleted when it is dropped.
struct TemporaryFile {
    path: PathBuf,
    file: File,
}

impl TemporaryFile {
    fn new(folder: &Path) -> io::Result<Self> {
        let path = folder.join(random_id(".new"));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let this = Self { path, file };
        // The process's umask may have changed the mode.
        this.file.set_permissions(fs::Permissions::from_mode(0o600))?;
        Ok(this)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The user id of this process, read from a file: the standard library has no other way.
fn user_id(folder: &Path) -> io::Result<u32> {
    Ok(TemporaryFile::new(folder)?.file.metadata()?.uid())
}

fn is_same(found: &Metadata, opened: &Metadata) -> bool {
    (found.dev(), found.ino()) == (opened.dev(), opened.ino())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, os::unix::fs::symlink, thread};

    use super::*;

    fn cache(folder: &Path) -> KeyCache {
        KeyCache::at(folder.join("clerk-local")).unwrap()
    }

    fn names(folder: &Path) -> BTreeSet<String> {
        let names = fs::read_dir(folder.join("clerk-local")).unwrap().map(|one| one.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect()
    }

    #[test]
    fn the_next_process_has_the_same_keys_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = cache(folder.path());
        let [one, other] = [first.next().unwrap(), first.next().unwrap()];
        assert_ne!(one.kid, other.kid);
        let second = cache(folder.path());
        for key in [&one, &other] {
            let again = second.next().unwrap();
            assert_eq!(again.jwk(), key.jwk());
            assert_eq!(again.sign_jwt(&serde_json::json!({}), &serde_json::json!({})).split('.').count(), 3);
        }
        let third = second.next().unwrap();
        assert!(third.kid != one.kid && third.kid != other.kid);
        assert_eq!(names(folder.path()).len(), 3, "no temporary file stays");
        let path = folder.path().join("clerk-local/signing-key-0");
        assert_eq!(fs::metadata(path).unwrap().mode() & 0o7777, 0o600);
        assert_eq!(fs::metadata(folder.path().join("clerk-local")).unwrap().mode() & 0o7777, 0o700);
    }

    #[test]
    fn an_unusable_file_is_neither_used_nor_changed() {
        let folder = tempfile::tempdir().unwrap();
        let kept = cache(folder.path()).next().unwrap();
        let path = folder.path().join("clerk-local/signing-key-0");
        let text = fs::read_to_string(&path).unwrap();
        let odd = |problem: &str| {
            let cache = cache(folder.path());
            match cache.read_slot(&path) {
                CacheSlot::Unusable(said) => assert_eq!(said, problem),
                _ => panic!("{problem}"),
            }
            let before = fs::symlink_metadata(&path).unwrap();
            assert_ne!(cache.next().unwrap().kid, kept.kid, "{problem}");
            assert!(is_same(&before, &fs::symlink_metadata(&path).unwrap()), "{problem}");
        };
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for readable in [0o640, 0o604, 0o4600, 0o700] {
            mode(readable);
            odd("other users can access it");
        }
        mode(0o600);
        let elsewhere = folder.path().join("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        symlink(&elsewhere, &path).unwrap();
        odd("it is not a file");
        fs::remove_file(&path).unwrap();
        fs::rename(&elsewhere, &path).unwrap();
        for half in ["", &text[..text.len() / 2], &text[..text.len() - 4], "ins_1 ", &text.replacen(' ', "", 1)] {
            fs::write(&path, half).unwrap();
            odd("it is not a key");
        }
        fs::write(&path, [0xff; 100]).unwrap();
        odd("it cannot be read");
        fs::write(&path, text.clone() + &" ".repeat(4096)).unwrap();
        odd("it is too large");
        fs::write(&path, &text).unwrap();
        assert_eq!(cache(folder.path()).next().unwrap().kid, kept.kid);
    }

    #[test]
    fn another_users_key_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let kept = cache(folder.path()).next().unwrap();
        let ours = cache(folder.path());
        let theirs = KeyCache { user_id: ours.user_id + 1, ..cache(folder.path()) };
        assert_ne!(theirs.next().unwrap().kid, kept.kid);
        assert_eq!(ours.next().unwrap().kid, kept.kid);
    }

    #[test]
    fn a_folder_that_others_write_to_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        drop(cache(folder.path()));
        let path = folder.path().join("clerk-local");
        for mode in [0o770, 0o702] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(KeyCache::at(path.clone()).is_none());
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert!(KeyCache::at(link).is_none());
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(KeyCache::at(file.clone()).is_none() && KeyCache::at(file.join("below")).is_none());
    }

    #[test]
    fn processes_at_once_agree_on_a_whole_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = [SigningKey::generate().unwrap(), SigningKey::generate().unwrap()];
        let caches = [cache(folder.path()), cache(folder.path())];
        let path = |number| folder.path().join(format!("clerk-local/signing-key-{number}"));
        let kept = |number| match caches[0].read_slot(&path(number)) {
            CacheSlot::Key(key) => Some(key.kid),
            CacheSlot::Empty => None,
            CacheSlot::Unusable(problem) => panic!("{problem}"),
        };
        for number in 0..MAX_KEYS {
            let first = thread::scope(|scope| {
                let write = |which: usize| {
                    let (cache, key) = (&caches[which], &keys[which]);
                    move || cache.store(key, &path(number)).is_ok()
                };
                let writers = [scope.spawn(write(0)), scope.spawn(write(1))];
                let first = loop {
                    if let Some(kid) = kept(number) {
                        break kid;
                    }
                };
                let written = writers.map(|writer| writer.join().unwrap());
                assert_eq!(written.iter().filter(|done| **done).count(), 1, "one of them found the place taken");
                assert_eq!(first == keys[0].kid, written[0]);
                first
            });
            assert_eq!(kept(number), Some(first), "the first one stays");
        }
        assert_eq!(names(folder.path()).len(), MAX_KEYS);
    }

    #[test]
    fn keys_that_cannot_be_stored_are_generated_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let full = cache(folder.path());
        full.handed_out.store(MAX_KEYS, Ordering::Relaxed);
        full.next().unwrap();
        assert_eq!(names(folder.path()).len(), 0);
        let gone = cache(folder.path());
        fs::remove_dir(folder.path().join("clerk-local")).unwrap();
        gone.next().unwrap();
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        cache.next().unwrap();
        let text = fs::read_to_string(folder.path().join("clerk-local/signing-key-0")).unwrap();
        let secret = &text[text.len() - 100..];
        assert!(!format!("{cache:?}").contains(secret));
    }
}
