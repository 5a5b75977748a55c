-- What belongs to no municipality: registered channels, challenges, suspended cards, and the
-- record of what was refused before a municipality was known. Every column is listed with its
-- reason in docs/DATA.md.

-- This register's own secret, wrapped by the master key.
CREATE TABLE register_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE kiosk (
    channel_id BLOB NOT NULL UNIQUE CHECK (length(channel_id) = 32),
    name TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_by TEXT NOT NULL
) STRICT;

-- The municipalities a kiosk is limited to; without a row it offers every participating one.
CREATE TABLE kiosk_municipality (
    channel_id BLOB NOT NULL REFERENCES kiosk (channel_id) ON DELETE CASCADE,
    municipality TEXT NOT NULL CHECK (length(municipality) = 6),
    UNIQUE (channel_id, municipality)
) STRICT;

CREATE TABLE relay (
    channel_id BLOB NOT NULL UNIQUE CHECK (length(channel_id) = 32),
    name TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_by TEXT NOT NULL
) STRICT;

CREATE TABLE device (
    channel_id BLOB NOT NULL UNIQUE CHECK (length(channel_id) = 32),
    registered_at INTEGER NOT NULL
) STRICT;

CREATE TABLE challenge (
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 32),
    expires_at INTEGER NOT NULL,
    spent_at INTEGER,
    application_digest BLOB CHECK (length(application_digest) = 32),
    application BLOB CHECK (length(application) = 16)
) STRICT;
CREATE INDEX challenge_of_channel ON challenge (channel_id);
CREATE INDEX challenge_by_expiry ON challenge (expires_at);

CREATE TABLE suspended_card (
    individual_number_index BLOB NOT NULL UNIQUE CHECK (length(individual_number_index) = 32),
    suspended_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BLOB NOT NULL,
    purpose TEXT NOT NULL,
    event TEXT NOT NULL,
    subject BLOB CHECK (length(subject) = 16),
    certificate TEXT,
    detail TEXT,
    note BLOB,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;
