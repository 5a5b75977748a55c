-- What a member of staff asks for and another one approves or declines (承認), once. Declined,
-- withdrawn and spent ones stay: they are part of the record. Their
-- words go when the municipality's period for them is over.
CREATE TABLE approval (
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 16),
    subject TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    requested_by TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    decision TEXT CHECK (decision IN ('approved', 'declined', 'withdrawn')),
    decided_by TEXT,
    decided_at INTEGER,
    used_at INTEGER,
    sealed BLOB,
    CHECK ((decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)),
    CHECK (used_at IS NULL OR decision = 'approved')
) STRICT;
CREATE INDEX approval_by_request ON approval (requested_at);
