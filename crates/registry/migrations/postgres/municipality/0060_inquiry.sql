-- Inquiries between municipalities (照会・提供): made here, answered here, doses received by them,
-- and the disclosure record (情報提供等の記録). As migrations/sqlite/municipality/0060_inquiry.sql.

SELECT akashi.municipality_table('inquiry', $$
    id BYTEA NOT NULL CHECK (length(id) = 16),
    resident BYTEA NOT NULL CHECK (length(resident) = 16),
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'provided')),
    prepared_at BIGINT NOT NULL,
    prepared_by TEXT COLLATE "C" NOT NULL,
    sent_at BIGINT,
    sent_by TEXT COLLATE "C",
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, id)
$$);
CREATE INDEX inquiry_of_resident ON municipality.inquiry (municipality, resident);
CREATE INDEX inquiry_by_preparer ON municipality.inquiry (municipality, prepared_by, prepared_at);
CREATE INDEX inquiry_by_sender ON municipality.inquiry (municipality, sent_by, sent_at);

SELECT akashi.municipality_table('received_dose', $$
    inquiry BYTEA NOT NULL CHECK (length(inquiry) = 16),
    position BIGINT NOT NULL,
    resident BYTEA NOT NULL CHECK (length(resident) = 16),
    received_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, inquiry, position)
$$);
CREATE INDEX received_dose_of_resident ON municipality.received_dose (municipality, resident);

-- Without a resident where nobody of the number was found.
SELECT akashi.municipality_table('answered_inquiry', $$
    id BYTEA NOT NULL CHECK (length(id) = 16),
    resident BYTEA CHECK (length(resident) = 16),
    state TEXT NOT NULL
        CHECK (state IN ('no-match', 'mismatch', 'no-doses', 'waiting', 'provided', 'refused')),
    asked_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    answer BYTEA,
    PRIMARY KEY (municipality, id),
    CHECK ((state = 'no-match') = (resident IS NULL)),
    CHECK (answer IS NULL OR state = 'provided')
$$);
CREATE INDEX answered_inquiry_by_state
    ON municipality.answered_inquiry (municipality, state, asked_at);

SELECT akashi.municipality_table('disclosure_record', $$
    id BYTEA NOT NULL CHECK (length(id) = 16),
    resident BYTEA NOT NULL CHECK (length(resident) = 16),
    recorded_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, id)
$$);
CREATE INDEX disclosure_record_of_resident
    ON municipality.disclosure_record (municipality, resident, recorded_at);
CREATE INDEX disclosure_record_by_time
    ON municipality.disclosure_record (municipality, recorded_at);
-- Only its text may be sealed anew, under another data key.
CREATE TRIGGER never_changed BEFORE UPDATE OF id, resident, recorded_at
    ON municipality.disclosure_record FOR EACH ROW EXECUTE FUNCTION akashi.refuse_change();
