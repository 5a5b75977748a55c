-- Doses that venues registered by voucher: the receipt a venue knows each by, and what became of
-- it. The dose as it stands is a row of `dose` like any other.
CREATE TABLE venue_dose (
    receipt BLOB NOT NULL UNIQUE CHECK (length(receipt) = 16),
    sequence INTEGER NOT NULL UNIQUE,
    venue BLOB NOT NULL CHECK (length(venue) = 32),
    entry_key BLOB NOT NULL CHECK (length(entry_key) = 16),
    request_digest BLOB NOT NULL CHECK (length(request_digest) = 32),
    resident BLOB NOT NULL REFERENCES resident (id),
    voucher BLOB NOT NULL CHECK (length(voucher) = 16),
    dose BLOB NOT NULL CHECK (length(dose) = 16),
    registered_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'corrected', 'cancelled')),
    UNIQUE (venue, entry_key)
) STRICT;
CREATE INDEX venue_dose_of_day ON venue_dose (venue, registered_at);
CREATE INDEX venue_dose_of_resident ON venue_dose (resident);
CREATE INDEX venue_dose_of_voucher ON venue_dose (voucher);

-- What was changed, by whom and why, with the dose as it stood before: sealed.
CREATE TABLE dose_change (
    receipt BLOB NOT NULL REFERENCES venue_dose (receipt),
    number INTEGER NOT NULL CHECK (number > 0),
    resident BLOB NOT NULL REFERENCES resident (id),
    change_key BLOB CHECK (length(change_key) = 16),
    changed_at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BLOB NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('corrected', 'cancelled')),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    sealed BLOB NOT NULL,
    UNIQUE (receipt, number)
) STRICT;
CREATE INDEX dose_change_by_time ON dose_change (changed_at);
CREATE INDEX dose_change_of_resident ON dose_change (resident);
