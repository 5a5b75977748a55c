//! Writes the seeds of `voucher_line`, `declaration`, `encrypted_file` and `audit_export`: good
//! ones, and some that are nearly good.

use std::fs;
use std::io;
use std::path::Path;

use declaration::Municipality;

const VOUCHER_LINES: [&str; 5] = [
    "211222710000000001",
    "0000000001",
    "211222720000000001",
    "21122271000000000",
    "２11222710000000001",
];

const FACTS: &str = r#"
code = "131121"
name = "世田谷区"
kana = "せたがやく"
roman_name = "Setagaya City"
prefecture = "東京都"
head_title = "世田谷区長"
head_title_english = "Mayor of Setagaya City"
fee_yen = 120
opens_at = "06:30"
closes_at = "23:00"
channels = ["kiosk"]
"#;

const SECTIONS: [&str; 7] = [
    "[venues]\ndoses_per_day = 500\ncorrection_days = 3\ndiseases = [\"インフルエンザ\"]\n",
    "[inquiry]\ndiseases = [\"麻しん\"]\n",
    "[export]\nrecipients = [\"age1mevqsqpzwkjmn5crafhc8tnwgx5nt5yxjuxlld0e6eaq68n4n4yq3fnrjm\"]\n",
    "[retention]\ndoses = \"5 years\"\npassports = \"1 year\"\n",
    "[disclosure]\n",
    "[reports]\noffice_opens_at = \"08:30\"\noffice_closes_at = \"17:15\"\n",
    "[counts]\nbodies = [\"見本県\"]\n",
];

/// Three bytes that say what is changed, and a content or a header.
const FILES: [&str; 4] = [
    "\0\0\0a row,another\n",
    "\0\u{20}\u{1}a row,another\n",
    "\0\0\0-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\nEmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77D\n--- gxhoSa5BciRDt8lOpYNcx4EYtKpS0CJ06F3ZwN82VaM\n",
    "\0\0\0# public key: age1mevqsqpzwkjmn5crafhc8tnwgx5nt5yxjuxlld0e6eaq68n4n4yq3fnrjm\n",
];

const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn main() -> io::Result<()> {
    write("voucher_line", &VOUCHER_LINES.map(str::to_owned))?;
    let declared = SECTIONS.map(|section| {
        let (name, own) = section.split_once('\n').unwrap_or((section, ""));
        let period = "from = 2026-04-01\nuntil = \"2027-03-31\"";
        format!("{FACTS}{name}\nlegal_basis = \"条例\"\n{period}\n{own}")
    });
    for text in &declared {
        Municipality::parse(text).map_err(io::Error::other)?;
    }
    write("declaration", &declared)?;
    write("encrypted_file", &FILES.map(str::to_owned))?;
    write("audit_export", &[export()])
}

/// An export as it is written, signed by nobody.
fn export() -> String {
    let head = format!(
        r#"{{"area":"131121","writer":"main","sequence":1,"hash":"{NOTHING}","digest":"{NOTHING}","at":1,"signature":"{NOTHING}{NOTHING}"}}"#
    );
    let entry = format!(
        r#"{{"sequence":1,"at":1,"actor_kind":"staff","actor":"00","purpose":"issuing","event":"certificate-issued","hash":"{NOTHING}"}}"#
    );
    [
        r#"{"export":{"version":1,"area":"131121","at":1,"what":"{}"}}"#.to_owned(),
        r#"{"start":{"area":"131121","writer":"main"}}"#.to_owned(),
        format!(r#"{{"entry":{entry}}}"#),
        format!(r#"{{"withheld":"{NOTHING}"}}"#),
        format!(r#"{{"until":{head}}}"#),
        format!(r#"{{"after":{head}}}"#),
        format!(
            r#"{{"end":{{"summary":{{"entries":1,"withheld":1}},"signature":"{NOTHING}{NOTHING}"}}}}"#
        ),
    ]
    .join("\n")
}

fn write(target: &str, seeds: &[String]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    for (at, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{at}")), seed)?;
    }
    Ok(())
}
