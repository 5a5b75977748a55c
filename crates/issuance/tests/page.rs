//! The printed page, looked at by poppler and zbar.

mod parts;

use domain::CertificateKind::{Abroad, Domestic};
use issuance::page::{self, PageOptions, RenderError};
use parts::certificates::{OPTIONS, REISSUED_ON, certificate, named, signed, with_former_surname};
use parts::fonts;
use parts::tools::Printed;

#[test]
fn both_codes_are_read_from_a_raster() {
    let signed = signed(certificate(Abroad, 3));
    let pdf = page::render(&signed, fonts(), &OPTIONS).unwrap();
    let printed = Printed::new(&pdf);
    for dpi in [150, 300] {
        let codes = printed.codes(dpi);
        assert_eq!(codes.len(), 2, "{dpi} dpi");
        assert!(codes.iter().any(|code| code.starts_with("shc:/")));
        let vds_nc = signed.vds_nc_code().unwrap().as_str();
        assert!(codes.iter().any(|code| code == vds_nc));
    }
}
