//! What is declared is on, within its period; everything else is off; what is not understood is
//! refused with its line.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use declaration::{
    Counts, Disclosure, Export, Function, Inquiry, Municipality, NotDeclared, Reports, Retained,
    Retention, StateOfFunction, Venues,
};
use domain::Channel;
use time::Date;
use time::macros::{date, datetime};

const FACTS: &str = r#"code = "131121"
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

const RECIPIENT: &str = "age1mevqsqpzwkjmn5crafhc8tnwgx5nt5yxjuxlld0e6eaq68n4n4yq3fnrjm";

/// Every function with a good section's own keys. A function that is missing here fails
/// `no_function_is_left_untried`.
const OWN_KEYS: [(&str, &str); 7] = [
    (
        "venues",
        "doses_per_day = 500\ncorrection_days = 3\ndiseases = [\"インフルエンザ\"]\n",
    ),
    ("inquiry", "diseases = [\"麻しん\"]\n"),
    (
        "export",
        "recipients = [\"age1mevqsqpzwkjmn5crafhc8tnwgx5nt5yxjuxlld0e6eaq68n4n4yq3fnrjm\"]\n",
    ),
    ("retention", "doses = \"5 years\"\n"),
    ("disclosure", ""),
    (
        "reports",
        "office_opens_at = \"08:30\"\noffice_closes_at = \"17:15\"\n",
    ),
    ("counts", "bodies = [\"見本県\"]\n"),
];

const DAY_BEFORE: Date = date!(2026 - 03 - 31);
const FIRST_DAY: Date = date!(2026 - 04 - 01);
const LAST_DAY: Date = date!(2027 - 03 - 31);
const DAY_AFTER: Date = date!(2027 - 04 - 01);

fn section(name: &str) -> String {
    let (_, own) = OWN_KEYS.iter().find(|(of, _)| *of == name).unwrap();
    format!("[{name}]\nlegal_basis = \"条例\"\nfrom = 2026-04-01\nuntil = \"2027-03-31\"\n{own}")
}

fn declaring(section: &str) -> Municipality {
    Municipality::parse(&format!("{FACTS}\n{section}")).unwrap()
}

/// The message for facts followed by this section.
fn refused(section: &str) -> String {
    Municipality::parse(&format!("{FACTS}{section}"))
        .unwrap_err()
        .to_string()
}

fn is_on_when_declared_only<F: Function>() {
    let absent = NotDeclared::Absent {
        section: F::SECTION,
    };
    let without = declaring("");
    assert_eq!(without.declared::<F>(FIRST_DAY).unwrap_err(), absent);

    // Every other function on: this one still is not.
    let others: String = OWN_KEYS
        .iter()
        .filter(|(name, _)| *name != F::SECTION)
        .map(|(name, _)| section(name))
        .collect();
    assert_eq!(
        declaring(&others).declared::<F>(FIRST_DAY).unwrap_err(),
        absent
    );

    let with = declaring(&section(F::SECTION));
    assert!(matches!(
        with.declared::<F>(DAY_BEFORE),
        Err(NotDeclared::NotYet { from, .. }) if from == FIRST_DAY
    ));
    for day in [FIRST_DAY, LAST_DAY] {
        let declared = with.declared::<F>(day).unwrap();
        assert_eq!(declared.legal_basis(), "条例");
        assert_eq!(declared.municipality(), with.code);
        assert_eq!(declared.holds_on(FIRST_DAY), Ok(()));
        // A proof that was kept does not outlive the declared period.
        assert!(declared.holds_on(DAY_AFTER).is_err());
    }
    assert!(matches!(
        with.declared::<F>(DAY_AFTER),
        Err(NotDeclared::NoLonger { until, .. }) if until == LAST_DAY
    ));
}

#[test]
fn each_function_is_on_when_declared_within_its_period_and_off_otherwise() {
    is_on_when_declared_only::<Venues>();
    is_on_when_declared_only::<Inquiry>();
    is_on_when_declared_only::<Export>();
    is_on_when_declared_only::<Retention>();
    is_on_when_declared_only::<Disclosure>();
    is_on_when_declared_only::<Reports>();
    is_on_when_declared_only::<Counts>();
}

#[test]
fn no_function_is_left_untried() {
    let tried: Vec<&str> = OWN_KEYS.iter().map(|(name, _)| *name).collect();
    let known: Vec<&str> = declaring("")
        .functions(FIRST_DAY)
        .iter()
        .map(|state| state.section)
        .collect();
    assert_eq!(tried, known);
}

#[test]
fn a_function_without_a_last_day_stays_on() {
    let text = section("export").replace("until = \"2027-03-31\"\n", "");
    assert!(
        declaring(&text)
            .declared::<Export>(date!(2090 - 01 - 01))
            .is_ok()
    );
}

#[test]
fn what_is_on_is_told_in_words() {
    let states = declaring(&section("retention")).functions(FIRST_DAY);
    for state in states {
        match state.state {
            StateOfFunction::On {
                since,
                until,
                legal_basis,
                words,
            } => {
                assert_eq!(state.section, "retention");
                assert_eq!((since, until), (FIRST_DAY, Some(LAST_DAY)));
                assert_eq!(legal_basis, "条例");
                assert!(words.contains(&"doses are kept for 5 years".to_owned()));
                assert!(words.contains(&"passports are kept".to_owned()));
                assert!(words.contains(&"provision_records are kept for 7 years".to_owned()));
            }
            StateOfFunction::Off(why) => {
                assert_ne!(state.section, "retention");
                assert!(matches!(why, NotDeclared::Absent { .. }));
            }
        }
    }
}

#[test]
fn a_kind_of_data_without_a_period_is_kept() {
    let declared = declaring(&section("retention"))
        .declared::<Retention>(FIRST_DAY)
        .unwrap();
    let kept: Vec<Retained> = Retained::ALL
        .into_iter()
        .filter(|kind| declared.function().period(*kind).is_none())
        .collect();
    assert_eq!(kept.len(), Retained::ALL.len() - 2);
    assert!(!kept.contains(&Retained::Doses) && !kept.contains(&Retained::ProvisionRecords));
}

#[test]
fn a_bad_section_is_refused_with_its_line_and_what_to_write() {
    let good = section("inquiry");
    let change = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        refused(&good.replace(from, to))
    };
    for (message, says) in [
        (
            change("legal_basis = \"条例\"\n", ""),
            "line 12: [inquiry] has no legal_basis",
        ),
        (
            change("\"条例\"", "\" \""),
            "line 13: [inquiry] legal_basis is 1 to 500 bytes",
        ),
        (change("\"条例\"", "7"), "line 13: [inquiry] legal_basis is"),
        (
            change("from = 2026-04-01\n", ""),
            "line 12: [inquiry] has no from: write",
        ),
        (
            change("from = 2026-04-01", "from = \"1 April\""),
            "line 14: [inquiry] from is no day: write from = 2026-04-01",
        ),
        (
            change("from = 2026-04-01", "from = 2026-04-01T00:00:00"),
            "line 14: [inquiry] from is no day",
        ),
        (
            change("until = \"2027-03-31\"\n", ""),
            "line 12: [inquiry] has no until: it is lawful for a time only",
        ),
        (
            change("2027-03-31", "2027-02-30"),
            "line 15: [inquiry] until is no day",
        ),
        (
            change("2027-03-31", "2026-03-31"),
            "line 12: [inquiry] until is before from",
        ),
        (
            change("diseases", "disease"),
            "line 16: [inquiry] unknown field `disease`",
        ),
        (
            change("diseases = [\"麻しん\"]\n", ""),
            "[inquiry] missing field `diseases`",
        ),
        (
            change("[\"麻しん\"]", "\"麻しん\""),
            "line 16: [inquiry] invalid type",
        ),
        (
            refused("inquiry = true\n"),
            "line 12: inquiry is a section: write [inquiry]",
        ),
        (
            refused("[inquiries]\n"),
            "line 12: unknown field `inquiries`",
        ),
        (
            refused(&section("inquiry").replace("[inquiry]", "[inquiry")),
            "line 12: ",
        ),
        (
            refused(&section("inquiry").repeat(2)),
            "line 17: duplicate key",
        ),
    ] {
        assert!(message.contains(says), "{message}\nshould say\n{says}");
    }
}

#[test]
fn bad_keys_of_every_function_are_refused() {
    for (name, from, to, says) in [
        ("venues", "500", "-1", "line 16: [venues] "),
        (
            "venues",
            "correction_days = 3\n",
            "",
            "[venues] missing field `correction_days`",
        ),
        (
            "venues",
            "[\"インフルエンザ\"]",
            "[]",
            "diseases are 1 to 50 words",
        ),
        (
            "venues",
            "インフルエンザ",
            " インフルエンザ",
            "as the register has them",
        ),
        (
            "export",
            "[\"age1",
            "[\"AGE-SECRET-KEY-1",
            "never a secret key",
        ),
        (
            "export",
            "\"]",
            "0\"]",
            "line 16: [export] a recipient is a public key of age",
        ),
        (
            "retention",
            "5 years",
            "5 weeks",
            "line 16: [retention] a period is \"5 years\"",
        ),
        (
            "retention",
            "5 years",
            "0 years",
            "line 16: [retention] a period is",
        ),
        (
            "retention",
            "doses =",
            "provision_records =",
            "[retention] unknown field",
        ),
        (
            "disclosure",
            "\"条例\"\n",
            "\"条例\"\nwindow = 1\n",
            "line 14: [disclosure] unknown field",
        ),
        (
            "reports",
            "08:30",
            "8:30",
            "line 16: [reports] a time of day is HH:MM",
        ),
    ] {
        let text = section(name);
        assert!(text.contains(from), "{from}");
        let message = refused(&text.replace(from, to));
        assert!(message.contains(says), "{message}\nshould say\n{says}");
    }
    let own = format!("recipients = [\"{RECIPIENT}\"]");
    for recipients in [
        "recipients = []".to_owned(),
        format!("recipients = [\"{RECIPIENT}\", \"{RECIPIENT}\"]"),
    ] {
        let message = refused(&section("export").replace(&own, &recipients));
        assert!(
            message.contains("recipients are 1 to 20 keys, none twice"),
            "{message}"
        );
    }
}

#[test]
fn bad_facts_are_refused_with_their_line() {
    for (from, to, says) in [
        ("kana", "kanna", "line 3: unknown field `kanna`"),
        ("06:30", "6:30", "line 9: a time of day is HH:MM"),
        ("23:00", "24:00", "line 10: a time of day is HH:MM"),
        ("23:00", "05:00", "line 10: closes_at is before opens_at"),
        (
            "131121",
            "131122",
            "line 1: the municipality code's check digit",
        ),
        ("\"kiosk\"", "\"fax\"", "line 11: unknown variant `fax`"),
        ("name = \"世", "name = 世", "line 2: "),
    ] {
        assert!(FACTS.contains(from), "{from}");
        let text = FACTS.replacen(from, to, 1);
        let message = Municipality::parse(&text).unwrap_err().to_string();
        assert!(message.contains(says), "{message}\nshould say\n{says}");
    }
}

#[test]
fn hours_are_japans_and_include_the_last_minute() {
    let municipality = declaring("");
    assert!(!municipality.is_open(datetime!(2026-01-01 06:29:59 +9)));
    assert!(municipality.is_open(datetime!(2026-01-01 06:30 +9)));
    assert!(municipality.is_open(datetime!(2026-01-01 14:00:59 UTC)));
    assert!(!municipality.is_open(datetime!(2026-01-01 14:01 UTC)));
}

#[test]
fn only_declared_channels_are_on() {
    let municipality = declaring("");
    assert!(municipality.issues_through(Channel::Kiosk));
    assert!(!municipality.issues_through(Channel::Phone));
    assert!(!municipality.issues_through(Channel::Counter));
}
