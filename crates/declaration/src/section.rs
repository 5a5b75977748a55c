//! A section: a function, its legal basis, and the days on which it is on.

use std::fmt;

use domain::MunicipalityCode;
use serde::de::DeserializeOwned;
use time::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::day::day;
use crate::error::DeclarationFault;

/// A function that is off unless a municipality declares it.
pub trait Function: fmt::Debug + Clone + DeserializeOwned + crate::sections::Listed {
    /// The section's name in the file, and the function's in messages and records.
    const SECTION: &'static str;
    /// What it is, for people.
    const MEANING: &'static str;
    /// Whether the law allows it for a time only: then `until` must be declared.
    const FOR_A_TIME_ONLY: bool = false;

    /// Its own keys in words, one sentence each.
    fn in_words(&self) -> Vec<String>;
}

/// A declared function.
#[derive(Debug, Clone)]
pub struct Section<F> {
    pub(crate) legal_basis: String,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) function: F,
}

/// Proof that a municipality has declared a function, and that the declaration holds on a day.
///
/// There is no other way to one than [`crate::Municipality::declared`].
///
/// ```compile_fail
/// let forged = declaration::Declared::<declaration::Export> { ..todo!() };
/// ```
#[derive(Debug, Clone)]
pub struct Declared<F> {
    municipality: MunicipalityCode,
    section: Section<F>,
}

/// Why a function is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDeclared {
    /// The declaration does not name it.
    #[error(
        "[{section}] is not declared: whoever answers for the municipality's assessment declares \
         it in municipality.toml with legal_basis and from"
    )]
    Absent {
        /// The section.
        section: &'static str,
    },
    /// It begins later.
    #[error("[{section}] is declared from {from} on, not yet")]
    NotYet {
        /// The section.
        section: &'static str,
        /// Its first day.
        from: Date,
    },
    /// It has ended.
    #[error("[{section}] was declared until {until}, no longer")]
    NoLonger {
        /// The section.
        section: &'static str,
        /// Its last day.
        until: Date,
    },
}

impl<F: Function> Section<F> {
    /// Takes the section out of a table: its three common keys, then its own.
    pub(crate) fn parse(value: Spanned<DeValue<'_>>) -> Result<Self, (usize, DeclarationFault)> {
        let section = F::SECTION;
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            return Err((span.start, DeclarationFault::NoSection { section }));
        };
        let here = |fault| (span.start, fault);
        let legal_basis = legal_basis(section, &mut table, span.start)?;
        let from = common_day(section, "from", &mut table)?
            .ok_or_else(|| here(DeclarationFault::NoFirstDay { section }))?;
        let until = common_day(section, "until", &mut table)?;
        if until.is_none() && F::FOR_A_TIME_ONLY {
            return Err(here(DeclarationFault::NoLastDay { section }));
        }
        if until.is_some_and(|until| until < from) {
            return Err(here(DeclarationFault::EndsBeforeItBegins { section }));
        }
        let own = toml::Deserializer::from(Spanned::new(span.clone(), table));
        let function = F::deserialize(own).map_err(|error| {
            let at = error.span().map_or(span.start, |span| span.start);
            let message = format!("[{section}] {}", error.message());
            (at, DeclarationFault::Form(message))
        })?;
        Ok(Self {
            legal_basis,
            from,
            until,
            function,
        })
    }

    /// The proof that it is on that day.
    pub(crate) fn declared(
        &self,
        municipality: MunicipalityCode,
        day: Date,
    ) -> Result<Declared<F>, NotDeclared> {
        self.on(day)?;
        Ok(Declared {
            municipality,
            section: self.clone(),
        })
    }

    pub(crate) fn on(&self, day: Date) -> Result<(), NotDeclared> {
        let section = F::SECTION;
        if day < self.from {
            let from = self.from;
            return Err(NotDeclared::NotYet { section, from });
        }
        match self.until {
            Some(until) if until < day => Err(NotDeclared::NoLonger { section, until }),
            Some(_) | None => Ok(()),
        }
    }
}

impl<F: Function> Declared<F> {
    /// What was declared: the function's own keys.
    #[must_use]
    pub const fn function(&self) -> &F {
        &self.section.function
    }

    /// Who declared it.
    #[must_use]
    pub const fn municipality(&self) -> MunicipalityCode {
        self.municipality
    }

    /// What it rests on.
    #[must_use]
    pub fn legal_basis(&self) -> &str {
        &self.section.legal_basis
    }

    /// Whether it holds on another day too: a proof that is kept is asked again.
    ///
    /// # Errors
    /// [`NotDeclared::NotYet`], [`NotDeclared::NoLonger`].
    pub fn holds_on(&self, day: Date) -> Result<(), NotDeclared> {
        self.section.on(day)
    }
}

fn legal_basis(
    section: &'static str,
    table: &mut DeTable<'_>,
    at: usize,
) -> Result<String, (usize, DeclarationFault)> {
    let Some(value) = table.remove("legal_basis") else {
        return Err((at, DeclarationFault::NoLegalBasis { section }));
    };
    let text = value.get_ref().as_str().map(str::trim).unwrap_or_default();
    if text.is_empty() || text.len() > 500 {
        return Err((value.span().start, DeclarationFault::LegalBasis { section }));
    }
    Ok(text.to_owned())
}

fn common_day(
    section: &'static str,
    key: &'static str,
    table: &mut DeTable<'_>,
) -> Result<Option<Date>, (usize, DeclarationFault)> {
    let Some(value) = table.remove(key) else {
        return Ok(None);
    };
    match day(value.get_ref()) {
        Some(day) => Ok(Some(day)),
        None => Err((value.span().start, DeclarationFault::Day { section, key })),
    }
}
