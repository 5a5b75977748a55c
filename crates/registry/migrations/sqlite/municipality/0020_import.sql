-- The batches of files that were brought in, each open until the erasure of its medium is
-- recorded.
CREATE TABLE import_batch (
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 16),
    sequence INTEGER NOT NULL UNIQUE,
    approval TEXT UNIQUE REFERENCES approval (id),
    landed_at INTEGER NOT NULL,
    landed_by TEXT NOT NULL,
    erased_at INTEGER,
    erased_by TEXT,
    erasure BLOB,
    CHECK ((erased_at IS NULL) = (erased_by IS NULL) AND (erased_at IS NULL) = (erasure IS NULL))
) STRICT;

CREATE TABLE import_file (
    batch TEXT NOT NULL REFERENCES import_batch (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('residents', 'vouchers', 'doses', 'passports')),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    bytes INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    UNIQUE (batch, position)
) STRICT;
