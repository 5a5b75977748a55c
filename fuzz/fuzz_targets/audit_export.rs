//! Exports of the audit record: whoever hands one in, it is believed only with the signature of a
//! key that is trusted, and here there is none of its signatures.
#![no_main]

use std::sync::LazyLock;

use crypto::Es256SigningKey;
use libfuzzer_sys::fuzz_target;
use registry::{AuditKeys, verify_audit_export};

static KEYS: LazyLock<AuditKeys> = LazyLock::new(|| {
    let (key, _) = Es256SigningKey::generate().expect("there is randomness");
    AuditKeys::new(vec![key.public_key().clone()])
});

fuzz_target!(|file: &[u8]| {
    assert!(
        verify_audit_export(file, &KEYS).is_err(),
        "nobody signed it"
    );
});
