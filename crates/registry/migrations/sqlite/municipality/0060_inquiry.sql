-- Inquiries between municipalities (照会・提供): made here, answered here, doses received by them,
-- and the disclosure record (情報提供等の記録). No row holds an individual number or anything
-- derived from one. A resident is named by the row's id without a reference: these rows outlive
-- the resident's own where the law asks for it. Every column is listed in docs/DATA.md.

CREATE TABLE inquiry (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    resident BLOB NOT NULL CHECK (length(resident) = 16),
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'provided')),
    prepared_at INTEGER NOT NULL,
    prepared_by TEXT NOT NULL,
    sent_at INTEGER,
    sent_by TEXT,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX inquiry_of_resident ON inquiry (resident);
CREATE INDEX inquiry_by_preparer ON inquiry (prepared_by, prepared_at);
CREATE INDEX inquiry_by_sender ON inquiry (sent_by, sent_at);

CREATE TABLE received_dose (
    inquiry BLOB NOT NULL CHECK (length(inquiry) = 16),
    position INTEGER NOT NULL,
    resident BLOB NOT NULL CHECK (length(resident) = 16),
    received_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (inquiry, position)
) STRICT;
CREATE INDEX received_dose_of_resident ON received_dose (resident);

-- Without a resident where nobody of the number was found.
CREATE TABLE answered_inquiry (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    resident BLOB CHECK (length(resident) = 16),
    state TEXT NOT NULL
        CHECK (state IN ('no-match', 'mismatch', 'no-doses', 'waiting', 'provided', 'refused')),
    asked_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    answer BLOB,
    CHECK ((state = 'no-match') = (resident IS NULL)),
    CHECK (answer IS NULL OR state = 'provided')
) STRICT;
CREATE INDEX answered_inquiry_by_state ON answered_inquiry (state, asked_at);

CREATE TABLE disclosure_record (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    resident BLOB NOT NULL CHECK (length(resident) = 16),
    recorded_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX disclosure_record_of_resident ON disclosure_record (resident, recorded_at);
CREATE INDEX disclosure_record_by_time ON disclosure_record (recorded_at);

-- Only its text may be sealed anew, under another data key.
CREATE TRIGGER disclosure_record_is_never_changed
BEFORE UPDATE OF id, resident, recorded_at ON disclosure_record
BEGIN SELECT RAISE(ABORT, 'disclosure records are never changed'); END;
