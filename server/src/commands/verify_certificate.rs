//! `server verify-certificate`

use std::path::Path;
use std::process::ExitCode;

use certificate::DoseOnCode;
use certificate::HolderOnCode;
use certificate::read_back::{self, Code, Trust, VerifiedCode};
use domain::{Clock as _, SystemClock};

use super::{Failure, trust};

/// Longest file looked at, in bytes: a scan at 600 dpi.
const LONGEST_FILE: u64 = 64 * 1024 * 1024;

pub(super) fn run(file: &Path, trust_folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let codes = codes(file)?;
    if codes.is_empty() {
        return Err("no certificate's code was found in this file".into());
    }
    let Some(folder) = trust_folder else {
        for code in &codes {
            println!("{}: 検証していません / NOT VERIFIED", name(code));
        }
        return Err(
            "contents are shown only where a signature holds: name the issuer's published files \
             with --trust DIR"
                .into(),
        );
    };
    let trust = trust::load(folder)?;
    let mut all_hold = true;
    for code in &codes {
        all_hold &= show(code, &trust);
    }
    if !all_hold {
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "\n提示した人の本人確認書類と、氏名・生年月日を必ず見比べてください。\n\
         Compare name and birth date with an identity document of whoever shows this."
    );
    Ok(ExitCode::SUCCESS)
}

/// The codes of a file, by what the file begins with.
fn codes(path: &Path) -> Result<Vec<Code>, Failure> {
    let length = std::fs::metadata(path)
        .map_err(|error| format!("{}: {error}", path.display()))?
        .len();
    if length > LONGEST_FILE {
        return Err(format!("{length} bytes are more than a certificate has").into());
    }
    let file = std::fs::read(path)?;
    let found = if file.starts_with(b"\x89PNG") {
        read_back::from_png(&file)?
    } else if file.starts_with(b"%PDF") {
        read_back::from_pdf(&file)?
    } else {
        return Ok(read_back::from_file(&file)?);
    };
    Ok(found.into_iter().map(|found| found.code).collect())
}

const fn name(code: &Code) -> &'static str {
    match code {
        Code::SmartHealthCard(_) => "SMART Health Card",
        Code::VdsNc(_) => "ICAO VDS-NC",
    }
}

/// Shows what a code says, if it holds; whether it holds.
fn show(code: &Code, trust: &Trust) -> bool {
    match code.verify(trust, SystemClock.now()) {
        Ok(VerifiedCode::SmartHealthCard(card)) => {
            println!("{}: 署名は正しい / the signature holds", name(code));
            show_holder(&card.holder);
            println!(
                "  発行 issued        {}",
                domain::japan_date(card.not_before)
            );
            show_doses(&card.doses);
            true
        }
        Ok(VerifiedCode::VdsNc(object)) => {
            println!("{}: 署名は正しい / the signature holds", name(code));
            show_holder(&object.holder);
            println!("  旅券番号 passport  {}", object.passport_number.expose());
            println!("  証明書ID id        {}", object.certificate_id);
            show_doses(&object.doses);
            true
        }
        Err(error) => {
            println!("{}: 無効 / DOES NOT HOLD: {error}", name(code));
            false
        }
    }
}

fn show_holder(holder: &HolderOnCode) {
    for name in holder.names() {
        println!("  氏名 name          {}", name.expose());
    }
    println!("  生年月日 born      {}", holder.birth_date().to_iso());
}

fn show_doses(doses: &[DoseOnCode]) {
    for dose in doses {
        let number = dose
            .number
            .map_or_else(String::new, |number| format!("{number} "));
        let product = dose.product.map_or_else(
            || dose.code.clone(),
            |product| format!("{} / {}", product.name, product.name_english),
        );
        let lot = dose.lot.as_deref().unwrap_or("-");
        println!(
            "  接種 dose          {number}{} {product}, lot {lot}",
            dose.date
        );
    }
}
