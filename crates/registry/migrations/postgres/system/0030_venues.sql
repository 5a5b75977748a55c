-- As migrations/sqlite/system/0030_venues.sql.
SELECT akashi.system_table('venue', $$
    channel_id BYTEA PRIMARY KEY CHECK (length(channel_id) = 32),
    name TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT NOT NULL
$$);

SELECT akashi.system_table('venue_municipality', $$
    channel_id BYTEA NOT NULL REFERENCES system.venue ON DELETE CASCADE,
    municipality TEXT COLLATE "C" NOT NULL CHECK (length(municipality) = 6),
    PRIMARY KEY (channel_id, municipality)
$$);

SELECT akashi.system_table('venue_attempt', $$
    id BYTEA PRIMARY KEY CHECK (length(id) = 16),
    channel_id BYTEA NOT NULL CHECK (length(channel_id) = 32),
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'registered', 'refused', 'other'))
$$);
CREATE INDEX venue_attempt_of_venue ON system.venue_attempt (channel_id, at);
