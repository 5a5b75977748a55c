//! What the issuer's keys must be before the server starts.

#![allow(clippy::unwrap_used)] // what cannot be made stops the test

mod parts;

use issuance::{KeyError, SigningKeyPaths, keys::KeyFile};
use parts::issuer::{NOW, Pki, keys_of, load};
use tempfile::TempDir;
use time::Duration;

/// Writes the usual files, changes them, and loads them.
fn refused(change: impl FnOnce(&SigningKeyPaths)) -> KeyError {
    let directory = TempDir::new().unwrap();
    let paths = Pki::default().write(directory.path());
    change(&paths);
    load(&paths).unwrap_err()
}

/// Replaces files by those of another issuer.
fn of_another(paths: &SigningKeyPaths, which: &[fn(&SigningKeyPaths) -> &std::path::PathBuf]) {
    let directory = TempDir::new().unwrap();
    let other = Pki::default().write(directory.path());
    for file in which {
        std::fs::copy(file(&other), file(paths)).unwrap();
    }
}

#[test]
fn a_test_issuer_is_known_by_its_name() {
    assert!(keys_of(&Pki::default()).unwrap().is_test_issuer());
    for name in ["CSCA JAPAN", "LATEST CSCA", "TESTING CSCA", "Test CSCA"] {
        let pki = Pki {
            csca_name: name,
            signer_name: "BCS 1",
            ..Pki::default()
        };
        assert!(!keys_of(&pki).unwrap().is_test_issuer(), "{name}");
    }
}

#[test]
fn an_organisation_that_tests_makes_no_test_issuer() {
    let pki = Pki {
        csca_name: "CSCA JAPAN",
        signer_name: "BCS 1",
        organisation: Some("TEST Center"),
        ..Pki::default()
    };
    assert!(!keys_of(&pki).unwrap().is_test_issuer());
}

#[test]
fn test_and_other_certificates_are_not_mixed() {
    for (csca_name, signer_name) in [("TEST CSCA", "BCS 1"), ("CSCA JAPAN", "TEST BCS")] {
        let pki = Pki {
            csca_name,
            signer_name,
            ..Pki::default()
        };
        assert!(matches!(keys_of(&pki), Err(KeyError::MixedNames)));
    }
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let error = refused(|paths| of_another(paths, &[|p| &p.barcode_signer_key]));
    assert!(matches!(error, KeyError::OtherKey));
}

#[test]
fn a_signer_of_another_csca_is_refused() {
    let error = refused(|paths| of_another(paths, &[|p| &p.csca]));
    assert!(matches!(error, KeyError::Chain(_)));
}

#[test]
fn one_key_for_both_formats_is_refused() {
    let error = refused(|paths| {
        std::fs::copy(&paths.barcode_signer_key, &paths.shc_key).unwrap();
    });
    assert!(matches!(error, KeyError::SharedKey));
}

#[test]
fn a_missing_file_is_named() {
    let error = refused(|paths| std::fs::remove_file(&paths.csca).unwrap());
    assert!(matches!(
        error,
        KeyError::Unreadable {
            file: KeyFile::Csca,
            ..
        }
    ));
}

#[test]
fn a_file_too_long_for_a_key_is_not_read() {
    let error = refused(|paths| std::fs::write(&paths.shc_key, vec![b'-'; 20_000]).unwrap());
    assert!(matches!(error, KeyError::TooLong(KeyFile::ShcKey)));
}

#[test]
fn a_key_file_without_a_p256_key_is_refused() {
    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    for text in ["", "no key", &p384.serialize_pem()] {
        let error = refused(|paths| std::fs::write(&paths.barcode_signer_key, text).unwrap());
        assert!(matches!(error, KeyError::Key(KeyFile::BarcodeSignerKey)));
    }
}

#[test]
fn certificates_in_each_others_place_are_refused() {
    let error = refused(|paths| {
        std::fs::copy(&paths.barcode_signer_certificate, &paths.csca).unwrap();
    });
    assert!(matches!(error, KeyError::Csca(_)));
    let error = refused(|paths| {
        std::fs::copy(&paths.csca, &paths.barcode_signer_certificate).unwrap();
    });
    assert!(matches!(error, KeyError::BarcodeSigner(_)));
}

#[test]
fn certificates_past_their_validity_are_refused() {
    let pki = Pki {
        csca_until: NOW - Duration::days(1),
        ..Pki::default()
    };
    assert!(matches!(
        keys_of(&pki),
        Err(KeyError::NotValid(KeyFile::Csca))
    ));
    let pki = Pki {
        signer_until: NOW - Duration::days(1),
        ..Pki::default()
    };
    assert!(matches!(
        keys_of(&pki),
        Err(KeyError::NotValid(KeyFile::BarcodeSignerCertificate))
    ));
}

#[test]
fn a_key_past_its_usage_period_or_without_one_is_refused() {
    for key_until in [Some(NOW - Duration::days(1)), None] {
        let pki = Pki {
            key_until,
            ..Pki::default()
        };
        assert!(matches!(keys_of(&pki), Err(KeyError::UsagePeriod)));
    }
}

#[test]
fn debug_shows_no_key() {
    let shown = format!("{:?}", parts::issuer::keys());
    assert!(shown.contains("Es256SigningKey([redacted])"));
}
