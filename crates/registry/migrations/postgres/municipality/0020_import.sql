-- The batches of files that were brought in, each open until the erasure of its medium is
-- recorded.
SELECT akashi.municipality_table('import_batch', $$
    id TEXT COLLATE "C" NOT NULL CHECK (length(id) = 16),
    sequence BIGINT NOT NULL,
    approval TEXT COLLATE "C",
    landed_at BIGINT NOT NULL,
    landed_by TEXT NOT NULL,
    erased_at BIGINT,
    erased_by TEXT,
    erasure BYTEA,
    CHECK ((erased_at IS NULL) = (erased_by IS NULL) AND (erased_at IS NULL) = (erasure IS NULL)),
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, sequence),
    UNIQUE (municipality, approval)
$$);

SELECT akashi.municipality_table('import_file', $$
    batch TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('residents', 'vouchers', 'doses', 'passports')),
    digest BYTEA NOT NULL CHECK (length(digest) = 32),
    bytes BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (municipality, batch, position),
    FOREIGN KEY (municipality, batch) REFERENCES municipality.import_batch
$$);
