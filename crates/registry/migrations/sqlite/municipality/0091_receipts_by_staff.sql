-- A dose that no venue registered has a receipt too, once staff look for what is wrong with it: then
-- there is no venue, no entry of one and no voucher that it was registered with.
CREATE TABLE venue_dose_or_none (
    receipt BLOB NOT NULL UNIQUE CHECK (length(receipt) = 16),
    sequence INTEGER NOT NULL UNIQUE,
    venue BLOB CHECK (length(venue) = 32),
    entry_key BLOB CHECK (length(entry_key) = 16),
    request_digest BLOB CHECK (length(request_digest) = 32),
    resident BLOB NOT NULL REFERENCES resident (id),
    voucher BLOB CHECK (length(voucher) = 16),
    dose BLOB NOT NULL CHECK (length(dose) = 16),
    registered_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'corrected', 'cancelled')),
    CHECK ((venue IS NULL) = (entry_key IS NULL) AND (venue IS NULL) = (request_digest IS NULL)
        AND (venue IS NULL) = (voucher IS NULL)),
    UNIQUE (venue, entry_key)
) STRICT;
INSERT INTO venue_dose_or_none SELECT receipt, sequence, venue, entry_key, request_digest, resident,
    voucher, dose, registered_at, state FROM venue_dose;

CREATE TABLE dose_change_of_either (
    receipt BLOB NOT NULL REFERENCES venue_dose_or_none (receipt),
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
INSERT INTO dose_change_of_either SELECT receipt, number, resident, change_key, changed_at,
    actor_kind, actor, change, id, sealed FROM dose_change;

DROP TABLE dose_change;
DROP TABLE venue_dose;
ALTER TABLE venue_dose_or_none RENAME TO venue_dose;
ALTER TABLE dose_change_of_either RENAME TO dose_change;
CREATE INDEX venue_dose_of_day ON venue_dose (venue, registered_at);
CREATE INDEX venue_dose_of_resident ON venue_dose (resident);
CREATE INDEX venue_dose_of_voucher ON venue_dose (voucher);
CREATE INDEX dose_change_by_time ON dose_change (changed_at);
CREATE INDEX dose_change_of_resident ON dose_change (resident);
