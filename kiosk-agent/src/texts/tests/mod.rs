//! What holds for the texts of every language.

mod complete;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use domain::Language;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::source;

/// A message as its file has it.
#[derive(Default)]
struct Written {
    /// Value and `do`, without arguments, alternatives one after the other.
    text: String,
    /// The value alone.
    heading: String,
    attributes: BTreeSet<String>,
    arguments: BTreeSet<String>,
}

/// The messages of a language by key. Fails on what does not parse and on doubled keys.
fn messages(language: Language) -> BTreeMap<String, Written> {
    let tag = language.tag();
    let resource = fluent_syntax::parser::parse(source(language))
        .unwrap_or_else(|(_, errors)| panic!("{tag}: {errors:?}"));
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let mut written = Written::default();
        if let Some(value) = &message.value {
            written.read(value, true);
            written.heading.clone_from(&written.text);
        }
        for attribute in &message.attributes {
            written.attributes.insert(attribute.id.name.to_owned());
            written.read(&attribute.value, attribute.id.name == "do");
        }
        let key = message.id.name.to_owned();
        let before = messages.insert(key, written);
        assert!(before.is_none(), "{tag}: {} twice", message.id.name);
    }
    messages
}

impl Written {
    fn read(&mut self, pattern: &Pattern<&str>, shown: bool) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } if shown => self.text.push_str(value),
                PatternElement::TextElement { .. } => {}
                PatternElement::Placeable { expression } => self.expression(expression, shown),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>, shown: bool) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.read(&variant.value, shown);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        if let InlineExpression::VariableReference { id } = inline {
            self.arguments.insert(id.name.to_owned());
        }
    }
}
