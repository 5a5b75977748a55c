//! Every function that can be declared: one line each.

use time::Date;
use toml::de::DeTable;

use crate::error::DeclarationFault;
use crate::functions::{Counts, Disclosure, Export, Inquiry, Reports, Retention, Venues};
use crate::section::{Function, NotDeclared, Section};

/// A function that is on the list below. Nobody else's type can be on it.
pub trait Listed: Sized {
    /// Its section, where it was declared.
    #[doc(hidden)]
    fn section(sections: &Sections) -> Option<&Section<Self>>;
}

/// A function as a municipality's declaration has it, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionState {
    /// The section's name.
    pub section: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Whether it is on.
    pub state: StateOfFunction,
}

/// Whether a function is on, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateOfFunction {
    /// It is on.
    On {
        /// Its first day.
        since: Date,
        /// Its last day, where it has one.
        until: Option<Date>,
        /// What it rests on.
        legal_basis: String,
        /// Its own keys in words.
        words: Vec<String>,
    },
    /// It is off.
    Off(NotDeclared),
}

macro_rules! functions {
    ($($field:ident: $function:ty,)*) => {
        /// The sections of one declaration.
        #[derive(Debug, Clone, Default)]
        pub struct Sections {
            $($field: Option<Section<$function>>,)*
        }

        $(impl Listed for $function {
            fn section(sections: &Sections) -> Option<&Section<Self>> {
                sections.$field.as_ref()
            }
        })*

        impl Sections {
            /// Takes the sections out of a declaration's table.
            pub(crate) fn take(table: &mut DeTable<'_>) -> Result<Self, (usize, DeclarationFault)> {
                Ok(Self {
                    $($field: match table.remove(<$function>::SECTION) {
                        Some(value) => Some(Section::parse(value)?),
                        None => None,
                    },)*
                })
            }

            /// Every function, on or off.
            pub(crate) fn states(&self, day: Date) -> Vec<FunctionState> {
                vec![$(state::<$function>(self, day),)*]
            }
        }
    };
}

functions! {
    venues: Venues,
    inquiry: Inquiry,
    export: Export,
    retention: Retention,
    disclosure: Disclosure,
    reports: Reports,
    counts: Counts,
}

fn state<F: Function>(sections: &Sections, day: Date) -> FunctionState {
    let absent = NotDeclared::Absent {
        section: F::SECTION,
    };
    let state = match F::section(sections) {
        None => StateOfFunction::Off(absent),
        Some(section) => match section.on(day) {
            Err(off) => StateOfFunction::Off(off),
            Ok(()) => StateOfFunction::On {
                since: section.from,
                until: section.until,
                legal_basis: section.legal_basis.clone(),
                words: section.function.in_words(),
            },
        },
    };
    FunctionState {
        section: F::SECTION,
        meaning: F::MEANING,
        state,
    }
}
