//! Why a declaration is refused: where, and what to write instead.

use crate::municipality::HIGHEST_FEE;

/// A declaration that is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct InvalidDeclaration {
    /// The line of the file, 1 for the first.
    pub line: usize,
    /// What is wrong there.
    pub fault: DeclarationFault,
}

/// What is wrong with a declaration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeclarationFault {
    /// It is no TOML, or a key is unknown, missing, or of another form.
    #[error("{0}")]
    Form(String),
    /// A section without its legal basis.
    #[error(
        "[{section}] has no legal_basis: write the law, ordinance or consent it rests on, \
         legal_basis = \"…\""
    )]
    NoLegalBasis {
        /// The section.
        section: &'static str,
    },
    /// A legal basis that says nothing, or too much.
    #[error("[{section}] legal_basis is 1 to 500 bytes of text")]
    LegalBasis {
        /// The section.
        section: &'static str,
    },
    /// A section without its first day.
    #[error("[{section}] has no from: write its first day, from = 2026-04-01")]
    NoFirstDay {
        /// The section.
        section: &'static str,
    },
    /// A section that the law allows for a time only, without its last day.
    #[error(
        "[{section}] has no until: it is lawful for a time only, so write its last day, \
         until = 2027-03-31"
    )]
    NoLastDay {
        /// The section.
        section: &'static str,
    },
    /// A day that is no day of the calendar.
    #[error("[{section}] {key} is no day: write {key} = 2026-04-01")]
    Day {
        /// The section.
        section: &'static str,
        /// `from` or `until`.
        key: &'static str,
    },
    /// It would end before it begins.
    #[error("[{section}] until is before from: write the first day in from, the last in until")]
    EndsBeforeItBegins {
        /// The section.
        section: &'static str,
    },
    /// A section's name is used for something else.
    #[error("{section} is a section: write [{section}] on a line of its own, its keys below")]
    NoSection {
        /// The section.
        section: &'static str,
    },
    /// It closes before it opens.
    #[error(
        "closes_at is before opens_at: write the first minute in opens_at, the last in closes_at"
    )]
    Hours,
    /// More than a certificate ever costs.
    #[error("fee_yen is at most {most}: a kiosk says no larger amount aloud", most = HIGHEST_FEE.0)]
    Fee,
}
