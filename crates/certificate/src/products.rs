//! The products a certificate can name, out of one table with the source of its codes
//! (`data/products.csv`). A product that is not in the table is not certified: a clear refusal,
//! never a guess.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

/// The table as it is kept in the repository: UTF-8, a header line, aliases separated by `|`.
/// Also what synthetic municipalities draw their doses from.
pub const TABLE: &str = include_str!("../data/products.csv");

/// A vaccine product (製品) and its codes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// This table's own id, stable in records: `comirnaty-ba4-5`.
    pub id: String,
    /// CVX code (CDC), as SMART Health Cards carry it.
    pub cvx: u16,
    /// ICD-11 code of the vaccine (WHO, extension code), as ICAO VDS-NC carries it: `XM0GQ8`.
    pub icd11_vaccine: String,
    /// ICD-11 code of the disease: `RA01.0`.
    pub icd11_disease: String,
    /// Vaccine type (ワクチンの種類), in Japanese.
    pub vaccine_type: String,
    /// Vaccine type in English.
    pub vaccine_type_english: String,
    /// Manufacturer (メーカー), in Japanese.
    pub manufacturer: String,
    /// Manufacturer in English.
    pub manufacturer_english: String,
    /// Product name (製品名), as approved in Japan.
    pub name: String,
    /// Product name in English.
    pub name_english: String,
    /// Other spellings of the manufacturer in registers.
    #[serde(deserialize_with = "separated")]
    pub manufacturer_aliases: Vec<String>,
    /// Other spellings of the product in registers.
    #[serde(deserialize_with = "separated")]
    pub name_aliases: Vec<String>,
    /// Where the codes are from.
    pub source: String,
}

impl Product {
    /// The CVX code as SMART Health Cards write it: at least two digits, `08` and `207`.
    #[must_use]
    pub fn cvx_code(&self) -> String {
        format!("{:02}", self.cvx)
    }
}

/// Every product, in the table's order.
#[must_use]
pub fn all() -> &'static [Product] {
    &PRODUCTS
}

/// The product with this id of the table.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Product> {
    all().iter().find(|product| product.id == id)
}

/// The product with this CVX code; no two have one.
#[must_use]
pub fn by_cvx(cvx: u16) -> Option<&'static Product> {
    all().iter().find(|product| product.cvx == cvx)
}

/// The product of a register's row: manufacturer and product name as spelled there. Width, case,
/// spaces and the two wave dashes do not count. `None` for what the table does not know, and for
/// a product under another manufacturer's name.
#[must_use]
pub fn find(manufacturer: &str, name: &str) -> Option<&'static Product> {
    let (manufacturer, name) = (comparable(manufacturer), comparable(name));
    all()
        .iter()
        .zip(SPELLINGS.iter())
        .find(|(_, spellings)| {
            spellings.names.contains(&name) && spellings.manufacturers.contains(&manufacturer)
        })
        .map(|(product, _)| product)
}

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    csv::Reader::from_reader(TABLE.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table is well formed: a test of this module reads it whole")
});

/// Every spelling of a product, ready for comparing.
struct Spellings {
    manufacturers: Vec<String>,
    names: Vec<String>,
}

static SPELLINGS: LazyLock<Vec<Spellings>> = LazyLock::new(|| {
    let spelled = |own: &[&String], aliases: &[String]| {
        own.iter()
            .copied()
            .chain(aliases)
            .map(|text| comparable(text))
            .collect()
    };
    all()
        .iter()
        .map(|product| Spellings {
            manufacturers: spelled(
                &[&product.manufacturer, &product.manufacturer_english],
                &product.manufacturer_aliases,
            ),
            names: spelled(
                &[&product.name, &product.name_english],
                &product.name_aliases,
            ),
        })
        .collect()
});

/// NFKC width, lower case, no white space, `〜` (U+301C) as `~`, as which `～` (U+FF5E) comes out
/// of NFKC by itself.
pub(crate) fn comparable(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == '\u{301c}' { '~' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

pub(crate) fn separated<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let joined = String::deserialize(deserializer)?;
    Ok(joined
        .split('|')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect())
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_cvx_code_has_at_least_two_digits() {
        let mut product = all()[0].clone();
        product.cvx = 8;
        assert_eq!(product.cvx_code(), "08");
        product.cvx = 207;
        assert_eq!(product.cvx_code(), "207");
    }

    #[test]
    fn the_table_is_whole_and_without_ambiguity() {
        assert_eq!(all().len(), TABLE.lines().count() - 1);
        let ids: HashSet<_> = all().iter().map(|product| &product.id).collect();
        assert_eq!(ids.len(), all().len());
        let codes: HashSet<_> = all().iter().map(|product| product.cvx).collect();
        assert_eq!(codes.len(), all().len());
        let mut spellings = HashSet::new();
        for (product, spelled) in all().iter().zip(SPELLINGS.iter()) {
            assert!(!product.source.is_empty(), "{product}");
            for name in &spelled.names {
                for manufacturer in &spelled.manufacturers {
                    spellings.insert((name.clone(), manufacturer.clone()));
                    let found = find(manufacturer, name).map(|found| &found.id);
                    assert_eq!(found, Some(&product.id), "{name} of {manufacturer}");
                }
            }
        }
        assert!(spellings.len() > all().len());
    }

    #[test]
    fn codes_of_the_reference() {
        for (id, cvx, icd11) in [
            ("spikevax", 207, "XM0GQ8"),
            ("comirnaty", 208, "XM0GQ8"),
            ("vaxzevria", 210, "XM9QW8"),
            ("nuvaxovid", 211, "XM5JC5"),
            ("jcovden", 212, "XM9QW8"),
            ("spikevax-ba4-5", 229, "XM0GQ8"),
            ("comirnaty-ba1", 520, "XM0GQ8"),
        ] {
            let product = by_id(id).unwrap();
            assert_eq!((product.cvx, product.icd11_vaccine.as_str()), (cvx, icd11));
            assert_eq!(product.icd11_disease, "RA01.0");
        }
    }

    #[test]
    fn width_does_not_count_and_the_manufacturer_does() {
        let found = find(
            "ﾌｧｲｻﾞｰ",
            "コミナティRTU筋注（２価：起源株／オミクロン株BA.1）",
        );
        assert_eq!(found.map(|product| product.cvx), Some(520));
        let child = find("ファイザー", "コミナティ筋注５〜11歳用");
        assert_eq!(child.map(|product| product.cvx), Some(218));
        assert_eq!(find("モデルナ", "コミナティ筋注"), None);
        assert_eq!(find("ファイザー", ""), None);
        assert_eq!(find("ファイザー", "コミナティ"), by_id("comirnaty"));
    }
}
