//! Who stands at the counter: the identity document shown, and a representative's ground (C41).

use std::fmt;

use domain::Redacted;

/// The identity document that was shown (番号法16条, 本人確認).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityDocument {
    /// マイナンバーカード
    MyNumberCard,
    /// 運転免許証, 運転経歴証明書
    DrivingLicence,
    /// 旅券
    Passport,
    /// 在留カード, 特別永住者証明書
    ResidenceCard,
    /// 身体障害者手帳 and the like, with a photograph
    DisabilityHandbook,
    /// Two documents without a photograph.
    TwoWithoutPhotograph,
}

impl IdentityDocument {
    /// Every document.
    pub const ALL: [Self; 6] = [
        Self::MyNumberCard,
        Self::DrivingLicence,
        Self::Passport,
        Self::ResidenceCard,
        Self::DisabilityHandbook,
        Self::TwoWithoutPhotograph,
    ];

    /// The stable name, in records and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MyNumberCard => "my-number-card",
            Self::DrivingLicence => "driving-licence",
            Self::Passport => "passport",
            Self::ResidenceCard => "residence-card",
            Self::DisabilityHandbook => "disability-handbook",
            Self::TwoWithoutPhotograph => "two-without-photograph",
        }
    }

    /// The document of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What staff saw of whoever stands at the counter.
#[derive(Clone, PartialEq, Eq)]
pub struct CounterIdentity {
    document: IdentityDocument,
    representative: Option<Redacted<String>>,
}

/// A representative's ground is 1 to 500 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a representative's ground is 1 to 500 bytes: whom they act for, and by what")]
pub struct InvalidRepresentative;

impl CounterIdentity {
    /// The person, by their own document.
    #[must_use]
    pub const fn of_the_person(document: IdentityDocument) -> Self {
        Self {
            document,
            representative: None,
        }
    }

    /// A representative, by their own document and the ground on which they act (法定代理人,
    /// 委任状 …), 1 to 500 bytes, stored sealed.
    ///
    /// # Errors
    /// [`InvalidRepresentative`].
    pub fn of_a_representative(
        document: IdentityDocument,
        ground: &str,
    ) -> Result<Self, InvalidRepresentative> {
        let ground = ground.trim();
        if !(1..=500).contains(&ground.len()) {
            return Err(InvalidRepresentative);
        }
        Ok(Self {
            document,
            representative: Some(Redacted::new(ground.to_owned())),
        })
    }

    /// Whether a representative stands there.
    #[must_use]
    pub const fn is_a_representative(&self) -> bool {
        self.representative.is_some()
    }

    /// For a sealed note.
    pub(crate) fn in_words(&self) -> String {
        let document = self.document.as_str();
        match &self.representative {
            None => format!("by {document}"),
            Some(ground) => format!("representative, by {document}, on: {}", ground.expose()),
        }
    }
}

impl fmt::Debug for CounterIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CounterIdentity({})", self.document.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_representative_has_a_ground() {
        let passport = IdentityDocument::Passport;
        for bad in ["", "  ", &"x".repeat(501)] {
            let refused = CounterIdentity::of_a_representative(passport, bad);
            assert_eq!(refused, Err(InvalidRepresentative));
        }
        let mother = CounterIdentity::of_a_representative(passport, "母, 戸籍").unwrap();
        assert!(mother.is_a_representative());
        assert!(mother.in_words().contains("母, 戸籍"));
        assert!(!format!("{mother:?}").contains('母'));
    }

    #[test]
    fn every_document_has_its_own_name() {
        for one in IdentityDocument::ALL {
            assert_eq!(IdentityDocument::of_name(one.as_str()), Some(one));
        }
        assert_eq!(IdentityDocument::of_name("library-card"), None);
    }
}
