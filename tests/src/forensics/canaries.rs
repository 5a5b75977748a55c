//! What is searched for: whatever the kiosk knew of its residents.

use std::path::Path;

use fixtures::municipality::Person;
use fixtures::stage::scanner;
use leak_search::{LeakSearch, unpacked};

/// A search, and what each number of it stands for, in words that say nothing of anybody.
#[derive(Debug, Clone)]
pub struct Canaries {
    /// The search.
    pub search: LeakSearch,
    labels: Vec<String>,
}

impl Canaries {
    /// The data of these residents of a stage, and the PINs that they enter.
    #[must_use]
    pub fn of(folder: &Path, people: &[Person], pins: &[String]) -> Self {
        let mut texts = Vec::new();
        let mut labels = Vec::new();
        for (number, person) in people.iter().enumerate() {
            let name = person.name.expose();
            let mut add = |label: &str, text: String| {
                texts.push(text);
                labels.push(format!("{label} of resident {number}"));
            };
            add("name", name.clone());
            add("name with a space", name.replace('\u{3000}', " "));
            for part in name.split('\u{3000}') {
                add("part of the name", part.to_owned());
            }
            add(
                "individual number",
                person.individual_number.expose().clone(),
            );
            add("address", person.address.expose().clone());
            let house = person
                .address
                .expose()
                .chars()
                .rev()
                .take(9)
                .collect::<Vec<_>>();
            add("end of the address", house.into_iter().rev().collect());
            add("birth date", person.birth_date.expose().clone());
            for (label, text) in passport(folder, person) {
                add(label, text);
            }
        }
        // VERIFY as the card gets it.
        let verify = [0x00, 0x20, 0x00, 0x80, 0x04];
        let commands = pins.iter().map(|pin| [&verify, pin.as_bytes()].concat());
        labels.extend((1..=pins.len()).map(|number| format!("PIN command of session {number}")));
        // One touch on the PIN pad, as the page sends it.
        let touches = (0..=9).map(|digit| format!("\"digit\",\"digit\":{digit}"));
        labels.extend((0..=9).map(|_| "a digit of a PIN in a touch".to_owned()));
        Self {
            search: LeakSearch::of(texts)
                .and_encoded_bytes(commands)
                .and_bytes(touches),
            labels,
        }
    }

    /// And a printed certificate: the bytes of the page, what is packed in them, and its codes.
    /// `another` is somebody else's, for what all have in common.
    #[must_use]
    pub fn and_page(mut self, page: &Path, another: &Path) -> Self {
        let (bytes, common) = (
            std::fs::read(page).unwrap(),
            std::fs::read(another).unwrap(),
        );
        let (inside, common_inside) = (unpacked(&bytes), unpacked(&common));
        self.search = self
            .search
            .and_windows_of(&bytes, &common)
            .and_windows_of(&inside, &common_inside);
        self.labels
            .extend(["bytes of the PDF", "content of the PDF"].map(str::to_owned));
        let codes = scanner::scan(page, 300).unwrap();
        let common_codes = scanner::scan(another, 300).unwrap().concat();
        for code in codes {
            let signed = jws(&code).unwrap_or_default();
            let common_signed = jws(&common_codes).unwrap_or_default();
            self.search = self
                .search
                .and_windows_of(code.as_bytes(), common_codes.as_bytes())
                .and_windows_of(signed.as_bytes(), common_signed.as_bytes());
            self.labels
                .extend(["code on the page", "JWS of the code"].map(str::to_owned));
        }
        self
    }

    /// And a picture, as it came to the browser. `another` is somebody else's.
    #[must_use]
    pub fn and_picture(mut self, png: &[u8], another: &[u8]) -> Self {
        self.search = self.search.and_windows_of(png, another);
        self.labels.push("bytes of the preview's PNG".to_owned());
        self
    }

    /// What a number stands for.
    #[must_use]
    pub fn label(&self, number: usize) -> &str {
        self.labels.get(number).map_or("?", String::as_str)
    }
}

/// What stands in the passport that the register holds.
fn passport(folder: &Path, person: &Person) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for register in &person.registers {
        let file = folder
            .join("municipalities")
            .join(register.municipality.as_str())
            .join("passports.csv");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let column = |name| head.iter().position(|column| *column == name);
        let own = lines.filter(|line| line.contains(&register.resident_number));
        for line in own {
            let fields: Vec<&str> = line.split(',').collect();
            for (label, name) in [("passport number", "number"), ("roman name", "roman_name")] {
                let field = column(name).and_then(|at| fields.get(at));
                found.extend(field.map(|field| (label, (*field).to_owned())));
            }
        }
    }
    found
}

/// The JWS in the digits of a SMART Health Card's code: pairs of digits, each 45 less than the
/// character.
fn jws(code: &str) -> Option<String> {
    let digits = code.split_once("shc:/")?.1.as_bytes();
    digits
        .chunks_exact(2)
        .map_while(|pair| {
            let number = std::str::from_utf8(pair).ok()?.parse::<u8>().ok()?;
            Some(char::from(number + 45))
        })
        .collect::<String>()
        .into()
}
