-- One municipality's vaccination register. What tells something about a person lies sealed
-- (AES-256-GCM, bound to table and row id); ids of 16 bytes are keyed hashes of the natural key.
-- Every column is listed with its reason in docs/DATA.md.

-- This register's own secret, wrapped by the master key.
CREATE TABLE register_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE resident (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    individual_number_index BLOB UNIQUE CHECK (length(individual_number_index) = 16),
    subject BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE voucher (
    resident BLOB NOT NULL REFERENCES resident (id),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX voucher_of_resident ON voucher (resident);

CREATE TABLE dose (
    resident BLOB NOT NULL REFERENCES resident (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    sealed BLOB NOT NULL,
    UNIQUE (resident, id)
) STRICT;

CREATE TABLE passport (
    resident BLOB NOT NULL REFERENCES resident (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    sealed BLOB NOT NULL,
    UNIQUE (resident, id)
) STRICT;

CREATE TABLE certificate (
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 12),
    resident BLOB NOT NULL REFERENCES resident (id),
    kind TEXT NOT NULL CHECK (kind IN ('abroad', 'domestic')),
    issued_at INTEGER NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('kiosk', 'phone', 'counter')),
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 32),
    order_key BLOB NOT NULL CHECK (length(order_key) = 16),
    request_digest BLOB NOT NULL CHECK (length(request_digest) = 32),
    application BLOB NOT NULL CHECK (length(application) = 16),
    terms TEXT NOT NULL,
    doses INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    revocation_id TEXT NOT NULL UNIQUE,
    signing_key TEXT NOT NULL,
    delivery TEXT CHECK (delivery IN ('delivered', 'not-delivered')),
    sealed BLOB NOT NULL,
    UNIQUE (channel_id, order_key)
) STRICT;
CREATE INDEX certificate_of_resident ON certificate (resident);

-- A revocation outlives its certificate's record: the paper may still be shown to somebody.
CREATE TABLE revocation (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    certificate TEXT NOT NULL UNIQUE,
    revocation_id TEXT NOT NULL UNIQUE,
    signing_key TEXT NOT NULL,
    revoked_at INTEGER NOT NULL
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
CREATE INDEX audit_of_certificate ON audit (certificate) WHERE certificate IS NOT NULL;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;
CREATE TRIGGER revocation_is_never_changed BEFORE UPDATE ON revocation
BEGIN SELECT RAISE(ABORT, 'revocations are never changed'); END;
CREATE TRIGGER revocation_is_never_removed BEFORE DELETE ON revocation
BEGIN SELECT RAISE(ABORT, 'revocations are never removed'); END;
