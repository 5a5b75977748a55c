use std::os::unix::fs::PermissionsExt as _;

use rcgen::{CertificateParams, KeyPair};
use rustls_pki_types::CertificateDer;

use super::*;

fn settings(folder: &Path) -> KioskSettings {
    KioskSettings {
        certificate: folder.join("identity/current/kiosk.pem"),
        key: folder.join("identity/current/kiosk.key.pem"),
    }
}

fn identity() -> Identity {
    let pair = KeyPair::generate().unwrap();
    let certificate = CertificateParams::default().self_signed(&pair).unwrap();
    Identity {
        chain: vec![CertificateDer::from(certificate.der().to_vec())],
        key: PrivatePkcs8KeyDer::from(pair.serialize_der()),
    }
}

fn in_use(settings: &KioskSettings) -> Identity {
    Identity::read(&settings.certificate, &settings.key).unwrap()
}

#[track_caller]
fn assert_same(one: &Identity, other: &Identity) {
    assert_eq!(one.chain, other.chain);
    assert_eq!(one.key.secret_pkcs8_der(), other.key.secret_pkcs8_der());
}

#[test]
fn certificate_and_key_change_together_and_can_be_gone_back_to() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let store = IdentityStore::open(&settings).unwrap();
    assert!(!store.has_current() && store.previous().is_none());
    assert!(matches!(store.go_back(), Err(StoreRefused::NoPrevious)));
    let (first, second, third) = (identity(), identity(), identity());
    store.take_in_use(&first).unwrap();
    assert_same(&in_use(&settings), &first);
    assert!(store.previous().is_none());
    store.take_in_use(&second).unwrap();
    assert_same(&in_use(&settings), &second);
    store.go_back().unwrap();
    assert_same(&in_use(&settings), &first);
    // What was gone back from is tried again, and once more changes nothing.
    store.take_in_use(&second).unwrap();
    store.take_in_use(&second).unwrap();
    assert_same(&in_use(&settings), &second);
    let (certificate, key) = store.previous().unwrap();
    assert_same(&Identity::read(&certificate, &key).unwrap(), &first);
    // Two are kept, not more.
    store.take_in_use(&third).unwrap();
    let folders = fs::read_dir(folder.path().join("identity")).unwrap();
    let is_folder =
        |entry: &io::Result<fs::DirEntry>| entry.as_ref().unwrap().file_type().unwrap().is_dir();
    assert_eq!(folders.filter(is_folder).count(), 2);
}

#[test]
fn keys_are_their_owners_only() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let store = IdentityStore::open(&settings).unwrap();
    let new = NewKey::generate(&"kiosk-0007".parse().unwrap()).unwrap();
    store.keep_pending(&new).unwrap();
    store.take_in_use(&identity()).unwrap();
    // Taking another in use ended the waiting.
    assert!(store.pending().unwrap().is_none());
    store.keep_pending(&new).unwrap();
    let identity = folder.path().join("identity");
    for (path, mode) in [
        (identity.clone(), 0o700),
        (identity.join("pending"), 0o700),
        (identity.join("pending/key.pem"), 0o600),
        (settings.key, 0o600),
    ] {
        let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{}", path.display());
    }
}

#[test]
fn a_key_that_waits_is_found_again_and_not_made_twice() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let store = IdentityStore::open(&settings).unwrap();
    assert!(store.pending().unwrap().is_none());
    let name = "kiosk-0007".parse().unwrap();
    let new = NewKey::generate(&name).unwrap();
    store.keep_pending(&new).unwrap();
    let pending = store.pending().unwrap().unwrap();
    assert_eq!(pending.fingerprint, new.fingerprint());
    assert!(pending.certificate.is_none());
    assert!(
        store
            .keep_pending(&NewKey::generate(&name).unwrap())
            .is_err()
    );
    let kept = store.pending().unwrap().unwrap();
    assert_eq!(kept.fingerprint, new.fingerprint());
    let certificate = kept.request.with_file_name("certificate.pem");
    fs::write(&certificate, "").unwrap();
    assert_eq!(
        store.pending().unwrap().unwrap().certificate,
        Some(certificate)
    );
    fs::write(folder.path().join("identity/pending/key.pem"), "").unwrap();
    assert!(matches!(store.pending(), Err(StoreRefused::NoKey(_))));
}

#[test]
fn one_at_a_time_and_only_where_the_settings_point() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let store = IdentityStore::open(&settings).unwrap();
    assert!(matches!(
        IdentityStore::open(&settings),
        Err(StoreRefused::Busy)
    ));
    drop(store);
    assert!(IdentityStore::open(&settings).is_ok());
    for (certificate, key) in [
        ("keys/kiosk.pem", "keys/kiosk.key.pem"),
        ("identity/current/kiosk.pem", "keys/kiosk.key.pem"),
    ] {
        let settings = KioskSettings {
            certificate: folder.path().join(certificate),
            key: folder.path().join(key),
        };
        assert!(matches!(
            IdentityStore::open(&settings),
            Err(StoreRefused::Layout)
        ));
    }
}
