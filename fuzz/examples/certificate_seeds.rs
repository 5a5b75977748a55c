//! Writes the seeds of `shc_text`, `vds_nc_json`, `png_code` and `pdf_page`: certificates as
//! they are issued, with keys made for this.

use std::error::Error;
use std::path::Path;

use certificate::qr::{encode_shc, to_png};
use certificate::shc::{RevocationList, payload, to_digits, to_file};
use domain::RevocationId;

#[path = "../../crates/certificate/tests/stage/mod.rs"]
mod stage;

use stage::pdf::{Drawing, Placed, pdf};
use stage::pki::VdsIssuer;
use stage::{ShcIssuer, abroad, domestic};

type Written = Result<(), Box<dyn Error>>;

fn main() -> Written {
    let (shc, japan) = (ShcIssuer::new(), VdsIssuer::new());
    let id = RevocationId::parse("rid-1")?;
    let jws = shc.sign(&domestic(3));
    let code_text = format!("shc:/{}", to_digits(&jws));
    let list = RevocationList::new(shc.id.clone(), 1, [id.clone()]);
    for (name, seed) in [
        ("code", code_text.clone()),
        ("file", to_file(&jws)),
        ("jws", jws.as_str().to_owned()),
        ("keys", shc.trusted().keys.to_json()),
        ("revoked", list.to_json()),
    ] {
        write("shc_text", name, seed.as_bytes())?;
    }
    let text = payload(&abroad(2), 2, &shc.facts(Some(&id)));
    write("shc_text", "payload", &text)?;

    let object = japan.sign(&abroad(2));
    write("vds_nc_json", "object", object.as_str().as_bytes())?;
    write("vds_nc_json", "signer", japan.signer.der())?;
    write("vds_nc_json", "csca", &japan.country.csca_der)?;

    let card = encode_shc(&jws)?;
    write("png_code", "card", &to_png(&card, 2)?)?;
    write("png_code", "text", code_text.as_bytes())?;
    for (name, drawing) in [("drawn", Drawing::Rectangles), ("image", Drawing::Image)] {
        let placed = Placed {
            code: &card,
            module_mm: 0.40,
            at_mm: (10.0, 10.0),
        };
        write("pdf_page", name, &cut(pdf(&[vec![placed]], drawing)))?;
    }
    write(
        "pdf_page",
        "operators",
        b"q 1 0 0 1 9 9 cm 0 0 9 9 re f Q 1 w 0 0 m 9 9 l S\n",
    )
}

/// The page's upper left corner only: a whole A4 page takes 0.1 s to look at. The numbers are as
/// long as before, so that the table of objects still holds.
fn cut(mut pdf: Vec<u8>) -> Vec<u8> {
    let (whole, corner) = (b"[0 0 595.276 841.89]", b"[0 650 190.0 841.89]");
    if let Some(at) = pdf.windows(whole.len()).position(|bytes| bytes == whole) {
        pdf[at..at + corner.len()].copy_from_slice(corner);
    }
    pdf
}

fn write(target: &str, name: &str, seed: &[u8]) -> Written {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(name), seed)?;
    Ok(())
}
