//! The PINs of a run, each of another session, and the places in the agent's memory that change
//! with them.

use std::collections::{HashMap, HashSet};

use leak_search::{PinSearch, Surroundings};
use rand::seq::SliceRandom as _;

/// PINs that nobody has used yet, and what was seen of those that were.
#[derive(Debug)]
pub(super) struct Pins {
    all: Vec<String>,
    used: usize,
    search: PinSearch,
    /// What the last look saw.
    last: HashSet<(usize, Surroundings)>,
    /// For each place the PINs that lay there only after their own session.
    seen: HashMap<Surroundings, HashSet<usize>>,
}

impl Pins {
    /// So many PINs by chance, all different, no digit twice in one: zeros stand everywhere.
    pub(super) fn draw(many: usize) -> Self {
        let mut all: Vec<String> = (0..10_000)
            .map(|number| format!("{number:04}"))
            .filter(|pin| pin.chars().collect::<HashSet<_>>().len() == pin.len())
            .collect();
        all.shuffle(&mut rand::rng());
        all.truncate(many);
        Self {
            used: 0,
            search: PinSearch::of(&all),
            all,
            last: HashSet::new(),
            seen: HashMap::new(),
        }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[String] {
        &self.all
    }

    /// So many were used.
    pub(super) const fn used(&self) -> usize {
        self.used
    }

    /// One that was not used yet.
    ///
    /// # Panics
    /// Where too few were drawn.
    pub(super) fn next(&mut self) -> String {
        self.used += 1;
        self.all[self.used - 1].clone()
    }

    /// What to look for in a process.
    pub(super) const fn search(&self) -> &PinSearch {
        &self.search
    }

    /// A look after the session in which the last PIN was used. What lay there before it was
    /// used lies there by chance.
    pub(super) fn looked(&mut self, places: HashSet<(usize, Surroundings)>) {
        let last = self.used.checked_sub(1);
        for place in &places {
            let (pin, around) = place;
            if Some(*pin) == last && !self.last.contains(place) {
                self.seen.entry(around.clone()).or_default().insert(*pin);
            }
        }
        self.last = places;
    }

    /// From now on it is another process.
    pub(super) fn forget_the_last_look(&mut self) {
        self.last.clear();
    }

    /// How many places changed with the PIN. They are forgotten.
    pub(super) fn take_changing(&mut self) -> usize {
        let seen = std::mem::take(&mut self.seen);
        seen.values().filter(|pins| pins.len() > 1).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(pins: &Pins, content: &str) -> HashSet<(usize, Surroundings)> {
        let mut found = HashSet::new();
        pins.search().each(content.as_bytes(), &mut |pin, around| {
            found.insert((pin, around));
        });
        found
    }

    #[test]
    fn a_place_that_changes_with_the_pin_is_told_and_one_that_was_there_before_is_not() {
        for (written, expected) in [("the PIN is:  {}  and the rest", 1), ("nothing", 0)] {
            let mut pins = Pins::draw(8);
            for _ in 0..3 {
                let pin = pins.next();
                let found = places(&pins, &written.replace("{}", &pin));
                pins.looked(found);
            }
            assert_eq!(pins.take_changing(), expected, "{written}");
            assert_eq!(pins.take_changing(), 0);
        }
        let mut pins = Pins::draw(8);
        let all = pins.all().join(" somewhere ") + " somewhere and the rest";
        let there = format!("whatever came  {all}");
        for _ in 0..3 {
            let found = places(&pins, &there);
            pins.looked(found);
            pins.next();
        }
        assert_eq!(pins.take_changing(), 0);
    }
}
