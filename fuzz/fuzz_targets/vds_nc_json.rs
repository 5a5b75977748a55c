//! ICAO VDS-NC: the object, and the certificates of its chain.
#![no_main]

use certificate::vds_nc::{BarcodeSigner, Csca, VdsNc, verify};
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

fuzz_target!(|bytes: &[u8]| {
    let _ = BarcodeSigner::parse(bytes);
    let _ = Csca::parse(bytes);
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if let Ok(object) = VdsNc::parse(text) {
        assert_eq!(object.as_str(), text);
        let _ = verify(&object, &[], datetime!(2026-04-01 00:00 UTC));
    }
});
