-- What a member of staff asks for and another one approves or declines (承認), once. Declined,
-- withdrawn and spent ones stay: they are part of the record. Their
-- words go when the municipality's period for them is over.
SELECT akashi.municipality_table('approval', $$
    id TEXT COLLATE "C" NOT NULL CHECK (length(id) = 16),
    subject TEXT NOT NULL,
    digest BYTEA NOT NULL CHECK (length(digest) = 32),
    requested_by TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decision TEXT CHECK (decision IN ('approved', 'declined', 'withdrawn')),
    decided_by TEXT,
    decided_at BIGINT,
    used_at BIGINT,
    sealed BYTEA,
    PRIMARY KEY (municipality, id),
    CHECK ((decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)),
    CHECK (used_at IS NULL OR decision = 'approved')
$$);
CREATE INDEX approval_by_request ON municipality.approval (municipality, requested_at);
