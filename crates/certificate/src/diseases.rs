//! The diseases (疾病) vaccinations are against, out of one table with the spellings that registers
//! have (`data/diseases.csv`): one disease has one name, however a file spells it.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::products::{Product, comparable, separated};

/// The table as it is kept in the repository: UTF-8, a header line, aliases separated by `|`.
const TABLE: &str = include_str!("../data/diseases.csv");

/// A disease and its spellings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disease {
    /// This table's own id: `covid-19`.
    pub id: String,
    /// ICD-11 code (WHO), where a product of the certificates is against it: `RA01.0`.
    #[serde(deserialize_with = "code")]
    pub icd11: Option<String>,
    /// The name, in Japanese: what the register stores. It never changes, as ids of doses are made
    /// of it.
    pub name: String,
    /// The name in English.
    pub name_english: String,
    /// Other spellings in registers.
    #[serde(deserialize_with = "separated")]
    pub aliases: Vec<String>,
    /// Where the name is from.
    pub source: String,
}

/// The disease of this name or alias. Width, case, spaces and the two wave dashes do not count.
/// `None` for what the table does not know.
#[must_use]
pub fn find(spelled: &str) -> Option<&'static Disease> {
    let spelled = comparable(spelled);
    let mut all = DISEASES.iter();
    all.find(|(_, spellings)| spellings.contains(&spelled))
        .map(|(disease, _)| disease)
}

/// The one name of a disease, whatever its spelling; one that the table does not know keeps its own.
#[must_use]
pub fn name_of(spelled: &str) -> &str {
    find(spelled).map_or(spelled, |disease| &disease.name)
}

/// Whether a product is against the disease that is spelled so.
#[must_use]
pub fn is_of(product: &Product, spelled: &str) -> bool {
    let found = find(spelled).and_then(|disease| disease.icd11.as_ref());
    found == Some(&product.icd11_disease)
}

static DISEASES: LazyLock<Vec<(Disease, Vec<String>)>> = LazyLock::new(|| {
    let rows = csv::Reader::from_reader(TABLE.as_bytes())
        .into_deserialize()
        .collect::<Result<Vec<Disease>, _>>()
        .expect("the embedded table is well formed: a test of this module reads it whole");
    let spelled = |disease: Disease| {
        let own = [&disease.name, &disease.name_english];
        let all = own.into_iter().chain(&disease.aliases);
        let spellings = all.map(|text| comparable(text)).collect();
        (disease, spellings)
    };
    rows.into_iter().map(spelled).collect()
});

fn code<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let code = String::deserialize(deserializer)?;
    Ok(Some(code).filter(|code| !code.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products;
    use std::collections::HashSet;

    #[test]
    fn each_spelling_is_one_disease_s() {
        assert_eq!(DISEASES.len(), TABLE.lines().count() - 1);
        let mut seen = HashSet::new();
        for (disease, spellings) in DISEASES.iter() {
            assert!(!disease.source.is_empty(), "{}", disease.id);
            for spelled in spellings.iter().collect::<HashSet<_>>() {
                assert!(seen.insert(spelled), "{spelled} is two diseases");
                assert_eq!(find(spelled), Some(disease));
            }
        }
    }

    #[test]
    fn every_product_is_against_a_disease_of_the_table() {
        for product in products::all() {
            let mut all = DISEASES.iter();
            let code = Some(&product.icd11_disease);
            assert!(
                all.any(|(disease, _)| disease.icd11.as_ref() == code),
                "{product}"
            );
        }
    }

    #[test]
    fn however_it_is_spelled_it_has_one_name() {
        for spelled in [
            "COVID-19",
            "ＣＯＶＩＤ－１９",
            " 新型コロナ ",
            "新型コロナウイルス感染症（COVID-19）",
        ] {
            assert_eq!(name_of(spelled), "新型コロナウイルス感染症");
        }
        assert_eq!(name_of("麻疹"), "麻しん");
        assert_eq!(name_of("見本感染症"), "見本感染症");
    }

    #[test]
    fn a_product_is_against_its_own_disease_alone() {
        let comirnaty = products::by_id("comirnaty").unwrap();
        assert!(is_of(comirnaty, "COVID-19"));
        for other in ["麻しん", "インフルエンザ", "見本感染症", ""] {
            assert!(!is_of(comirnaty, other), "{other}");
        }
    }
}
