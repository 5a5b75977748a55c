-- What belongs to no municipality: registered channels, challenges, suspended cards, and the
-- record of what was refused before a municipality was known; and, since no transaction sees more
-- than one municipality's rows, which municipalities there are. docs/DATA.md has every column.

SELECT akashi.system_table('municipality', $$
    code TEXT COLLATE "C" PRIMARY KEY CHECK (length(code) = 6)
$$, 'SELECT, INSERT');

-- The system's keys, wrapped by the master key: one for indexes and the audit chain, and data keys.
SELECT akashi.system_table('wrapped_key', $$
    purpose TEXT NOT NULL CHECK (purpose IN ('index', 'data')),
    version BIGINT NOT NULL,
    wrapped BYTEA,
    made_at BIGINT NOT NULL,
    destroyed_at BIGINT,
    PRIMARY KEY (purpose, version),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
$$);

SELECT akashi.system_table('kiosk', $$
    channel_id BYTEA PRIMARY KEY CHECK (length(channel_id) = 32),
    name TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT NOT NULL
$$);

-- The municipalities a kiosk is limited to; without a row it offers every participating one.
SELECT akashi.system_table('kiosk_municipality', $$
    channel_id BYTEA NOT NULL REFERENCES system.kiosk ON DELETE CASCADE,
    municipality TEXT COLLATE "C" NOT NULL CHECK (length(municipality) = 6),
    PRIMARY KEY (channel_id, municipality)
$$);

SELECT akashi.system_table('relay', $$
    channel_id BYTEA PRIMARY KEY CHECK (length(channel_id) = 32),
    name TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT NOT NULL
$$);

SELECT akashi.system_table('device', $$
    channel_id BYTEA PRIMARY KEY CHECK (length(channel_id) = 32),
    registered_at BIGINT NOT NULL
$$);

SELECT akashi.system_table('challenge', $$
    digest BYTEA PRIMARY KEY CHECK (length(digest) = 32),
    channel_id BYTEA NOT NULL CHECK (length(channel_id) = 32),
    channel_kind TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    application_digest BYTEA CHECK (length(application_digest) = 32),
    application BYTEA CHECK (length(application) = 16)
$$);
CREATE INDEX challenge_of_channel ON system.challenge (channel_id);
CREATE INDEX challenge_of_kind ON system.challenge (channel_kind);
CREATE INDEX challenge_by_expiry ON system.challenge (expires_at);

SELECT akashi.system_table('suspended_card', $$
    individual_number_index BYTEA PRIMARY KEY CHECK (length(individual_number_index) = 32),
    suspended_at BIGINT NOT NULL
$$);

-- The audit record, a chain for each writer.
SELECT akashi.system_table('audit', $$
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
    PRIMARY KEY (writer, sequence)
$$, 'SELECT, INSERT');
SELECT akashi.append_only('system', 'audit');

-- Heads that were signed and anchored outside.
SELECT akashi.system_table('audit_head', $$
    writer TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    digest BYTEA NOT NULL CHECK (length(digest) = 32),
    at BIGINT NOT NULL,
    signature BYTEA NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (writer, sequence)
$$, 'SELECT, INSERT');
SELECT akashi.append_only('system', 'audit_head');
