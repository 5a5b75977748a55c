//! Which coins a sum can be paid out in.

use domain::Yen;

/// The coins that are taken and given.
pub(super) const VALUES: [Yen; 4] = [Yen(10), Yen(50), Yen(100), Yen(500)];

/// So many coins of one value at once: a hopper can be emptied by a fault, but not by one payout.
pub(super) const MOST_COINS: u8 = 50;

/// How many coins of this value the next payout of this sum takes.
pub(super) fn coins(due: Yen, value: Yen) -> u8 {
    let coins = due.0.checked_div(value.0).unwrap_or(0);
    u8::try_from(coins).unwrap_or(MOST_COINS).min(MOST_COINS)
}

/// Whether this sum can be paid out in coins of these values, greatest first.
pub(super) fn possible(due: Yen, values: &[Yen]) -> bool {
    let mut left = due.0;
    for value in values {
        left -= u32::from(coins(Yen(left), *value)) * value.0;
    }
    left == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_possible_where_coins_make_it_up() {
        let both = [Yen(100), Yen(10)];
        for (due, values, expected) in [
            (380, &both[..], true),
            (0, &[], true),
            (10, &[], false),
            (380, &both[..1], false),
            (300, &both[..1], true),
            (375, &both[..], false),
            (490, &both[1..], true),
            (510, &both[1..], false),
        ] {
            assert_eq!(possible(Yen(due), values), expected, "{due}");
        }
        assert_eq!(coins(Yen(999), Yen(10)), MOST_COINS);
        assert_eq!(coins(Yen(5), Yen(0)), 0);
    }
}
