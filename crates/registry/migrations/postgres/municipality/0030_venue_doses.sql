-- As migrations/sqlite/municipality/0030_venue_doses.sql.
SELECT akashi.municipality_table('venue_dose', $$
    receipt BYTEA NOT NULL CHECK (length(receipt) = 16),
    sequence BIGINT NOT NULL,
    venue BYTEA NOT NULL CHECK (length(venue) = 32),
    entry_key BYTEA NOT NULL CHECK (length(entry_key) = 16),
    request_digest BYTEA NOT NULL CHECK (length(request_digest) = 32),
    resident BYTEA NOT NULL,
    voucher BYTEA NOT NULL CHECK (length(voucher) = 16),
    dose BYTEA NOT NULL CHECK (length(dose) = 16),
    registered_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'corrected', 'cancelled')),
    PRIMARY KEY (municipality, receipt),
    UNIQUE (municipality, sequence),
    UNIQUE (municipality, venue, entry_key),
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);
CREATE INDEX venue_dose_of_day ON municipality.venue_dose (municipality, venue, registered_at);
CREATE INDEX venue_dose_of_resident ON municipality.venue_dose (municipality, resident);
CREATE INDEX venue_dose_of_voucher ON municipality.venue_dose (municipality, voucher);

SELECT akashi.municipality_table('dose_change', $$
    receipt BYTEA NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    resident BYTEA NOT NULL,
    change_key BYTEA CHECK (length(change_key) = 16),
    changed_at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BYTEA NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('corrected', 'cancelled')),
    id BYTEA NOT NULL CHECK (length(id) = 16),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, receipt, number),
    UNIQUE (municipality, id),
    FOREIGN KEY (municipality, receipt) REFERENCES municipality.venue_dose,
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);
CREATE INDEX dose_change_by_time ON municipality.dose_change (municipality, changed_at);
CREATE INDEX dose_change_of_resident ON municipality.dose_change (municipality, resident);
