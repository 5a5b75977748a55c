-- The municipalities' vaccination registers: the tables of migrations/sqlite/municipality, with the
-- municipality in front (akashi.municipality_table). What tells something about a person lies
-- sealed; ids of 16 bytes are keyed hashes of the natural key. docs/DATA.md has every column.

-- Each register's keys, wrapped by the master key: one for ids, indexes and the audit chain, and a
-- data key for each version that sealed texts still name. A destroyed key leaves its row.
SELECT akashi.municipality_table('wrapped_key', $$
    purpose TEXT NOT NULL CHECK (purpose IN ('index', 'data')),
    version BIGINT NOT NULL,
    wrapped BYTEA,
    made_at BIGINT NOT NULL,
    destroyed_at BIGINT,
    PRIMARY KEY (municipality, purpose, version),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
$$);

SELECT akashi.municipality_table('resident', $$
    id BYTEA NOT NULL CHECK (length(id) = 16),
    individual_number_index BYTEA CHECK (length(individual_number_index) = 16),
    subject BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, individual_number_index)
$$);

SELECT akashi.municipality_table('voucher', $$
    resident BYTEA NOT NULL,
    id BYTEA NOT NULL CHECK (length(id) = 16),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, id),
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);
CREATE INDEX voucher_of_resident ON municipality.voucher (municipality, resident);

SELECT akashi.municipality_table('dose', $$
    resident BYTEA NOT NULL,
    id BYTEA NOT NULL CHECK (length(id) = 16),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, resident, id),
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);

SELECT akashi.municipality_table('passport', $$
    resident BYTEA NOT NULL,
    id BYTEA NOT NULL CHECK (length(id) = 16),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, resident, id),
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);

SELECT akashi.municipality_table('certificate', $$
    id TEXT COLLATE "C" NOT NULL CHECK (length(id) = 12),
    resident BYTEA NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('abroad', 'domestic')),
    issued_at BIGINT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'counter')),
    channel_id BYTEA NOT NULL CHECK (length(channel_id) = 32),
    order_key BYTEA NOT NULL CHECK (length(order_key) = 16),
    request_digest BYTEA NOT NULL CHECK (length(request_digest) = 32),
    application BYTEA NOT NULL CHECK (length(application) = 16),
    terms TEXT NOT NULL,
    doses BIGINT NOT NULL,
    fee BIGINT NOT NULL,
    copies BIGINT NOT NULL,
    revocation_id TEXT COLLATE "C" NOT NULL,
    signing_key TEXT NOT NULL,
    delivery TEXT CHECK (delivery IN ('delivered', 'not-delivered')),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, revocation_id),
    UNIQUE (municipality, channel_id, order_key),
    FOREIGN KEY (municipality, resident) REFERENCES municipality.resident
$$);
CREATE INDEX certificate_of_resident ON municipality.certificate (municipality, resident);

-- A revocation outlives its certificate's record: the paper may still be shown to somebody.
SELECT akashi.municipality_table('revocation', $$
    sequence BIGINT NOT NULL,
    certificate TEXT COLLATE "C" NOT NULL,
    revocation_id TEXT COLLATE "C" NOT NULL,
    signing_key TEXT NOT NULL,
    revoked_at BIGINT NOT NULL,
    PRIMARY KEY (municipality, sequence),
    UNIQUE (municipality, certificate),
    UNIQUE (municipality, revocation_id)
$$, 'SELECT, INSERT');
SELECT akashi.append_only('municipality', 'revocation');

-- The audit record, a chain for each writer.
SELECT akashi.municipality_table('audit', $$
    writer TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    event TEXT NOT NULL,
    subject BYTEA CHECK (length(subject) = 16),
    certificate TEXT COLLATE "C",
    detail TEXT,
    note BYTEA,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (municipality, writer, sequence)
$$, 'SELECT, INSERT');
CREATE INDEX audit_of_certificate ON municipality.audit (municipality, certificate)
    WHERE certificate IS NOT NULL;
SELECT akashi.append_only('municipality', 'audit');

-- Heads that were signed and anchored outside.
SELECT akashi.municipality_table('audit_head', $$
    writer TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    digest BYTEA NOT NULL CHECK (length(digest) = 32),
    at BIGINT NOT NULL,
    signature BYTEA NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (municipality, writer, sequence)
$$, 'SELECT, INSERT');
SELECT akashi.append_only('municipality', 'audit_head');
