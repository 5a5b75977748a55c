//! What staff are told about a certificate that may not be signed (domain rule 10), or that cannot be
//! made.
//!
//! The resident gets the neutral answer; the counter needs to know which character no font has.
//! It is a piece of somebody's name: it goes into the register's sealed note and nowhere else.

use issuance::LintError;
use registry::Dose;
use zeroize::Zeroizing;

/// The note: the field and position, and for a missing glyph the character and its code points.
pub fn note(error: &LintError) -> Zeroizing<String> {
    let mut note = Zeroizing::new(error.to_string());
    if let LintError::MissingGlyph { character, .. } = error {
        note.push_str(": ");
        note.push_str(character.expose());
        for scalar in character.expose().chars() {
            note.push_str(&format!(" U+{:04X}", u32::from(scalar)));
        }
    }
    note
}

/// The note about a dose that no certificate can list: which, and the product as registered.
pub fn note_of_dose(dose: &Dose) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "no certificate can list dose {} against {}: {} {}",
        dose.number, dose.disease, dose.manufacturer, dose.product
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Redacted;
    use issuance::Field;

    #[test]
    fn a_missing_glyph_is_told_with_its_place_and_code_points() {
        let error = LintError::MissingGlyph {
            field: Field::Name,
            position: 3,
            character: Redacted::new("葛\u{e0100}".to_owned()),
        };
        assert_eq!(
            *note(&error),
            "no font has character 3 of the field Name: 葛\u{e0100} U+845B U+E0100"
        );
        assert_eq!(*note(&LintError::NoDoses), LintError::NoDoses.to_string());
    }
}
