//! The least of a card that a session needs: the real test card's files behind a PIN. Answers can
//! be replaced by a test, each by its number.
#![allow(dead_code)] // each test binary uses its part

use std::collections::HashMap;

use my_number_card::{CardTransport, TransportError};
use zeroize::Zeroizing;

use crate::real_card_files as real;

pub const PIN: [u8; 4] = *b"1234";

type Answer = Result<Vec<u8>, TransportError>;

/// What a test puts in the place of an answer: given the command and the honest answer.
type Twist = Box<dyn FnMut(usize, &[u8], Vec<u8>) -> Answer>;

pub struct SimulatedCard {
    /// Every command received.
    pub commands: Vec<Vec<u8>>,
    pub tries: u8,
    pub files: HashMap<u16, Vec<u8>>,
    twist: Twist,
    selected: u16,
    is_open: bool,
}

impl SimulatedCard {
    pub fn new() -> Self {
        Self {
            commands: Vec::new(),
            tries: 3,
            files: HashMap::from([
                (0x0001, real::EF0001.to_vec()),
                (0x0002, real::EF0002.to_vec()),
                (0x0003, real::EF0003.to_vec()),
                (0x0004, real::EF0004.to_vec()),
                (0x0007, real::EF0007.to_vec()),
            ]),
            twist: Box::new(|_, _, honest| Ok(honest)),
            selected: 0,
            is_open: false,
        }
    }

    /// A card whose answers go through `twist`, with the command's number from 0.
    pub fn twisted(twist: impl FnMut(usize, &[u8], Vec<u8>) -> Answer + 'static) -> Self {
        Self {
            twist: Box::new(twist),
            ..Self::new()
        }
    }

    /// Commands of this instruction (INS) received.
    pub fn received(&self, instruction: u8) -> impl Iterator<Item = &Vec<u8>> {
        self.commands
            .iter()
            .filter(move |command| command[1] == instruction)
    }

    fn honest(&mut self, command: &[u8]) -> Vec<u8> {
        match (command[1], command[2]) {
            (0xa4, 0x04) => vec![0x90, 0x00],
            (0xa4, _) => {
                self.selected = u16::from_be_bytes([command[5], command[6]]);
                if self.selected == 0x0011 || self.files.contains_key(&self.selected) {
                    vec![0x90, 0x00]
                } else {
                    vec![0x6a, 0x82]
                }
            }
            (0x20, _) => self.verify(command),
            (0xb0, _) => self.read(command),
            (0x2a, _) => [vec![0x5a; 256], vec![0x90, 0x00]].concat(),
            _ => vec![0x6d, 0x00],
        }
    }

    fn verify(&mut self, command: &[u8]) -> Vec<u8> {
        if self.tries == 0 {
            return vec![0x69, 0x84];
        }
        if command.len() > 4 {
            if command[5..] == PIN {
                self.is_open = true;
                self.tries = 3;
                return vec![0x90, 0x00];
            }
            self.tries -= 1;
        }
        vec![0x63, 0xc0 | self.tries]
    }

    fn read(&self, command: &[u8]) -> Vec<u8> {
        if !self.is_open && self.selected != 0x0004 {
            return vec![0x69, 0x82];
        }
        let offset = usize::from(u16::from_be_bytes([command[2], command[3]]));
        let length = match command[4] {
            0 => 256,
            length => usize::from(length),
        };
        let file = &self.files[&self.selected];
        let Some(rest) = file.get(offset..).filter(|rest| !rest.is_empty()) else {
            return vec![0x6b, 0x00];
        };
        [&rest[..rest.len().min(length)], &[0x90, 0x00]].concat()
    }
}

impl CardTransport for SimulatedCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let number = self.commands.len();
        self.commands.push(command.to_vec());
        let honest = self.honest(command);
        (self.twist)(number, command, honest).map(Zeroizing::new)
    }
}
