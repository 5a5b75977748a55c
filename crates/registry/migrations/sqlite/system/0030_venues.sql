-- Venues (接種会場) that may register doses, each for the municipalities it gives them for.
CREATE TABLE venue (
    channel_id BLOB NOT NULL UNIQUE CHECK (length(channel_id) = 32),
    name TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_by TEXT NOT NULL
) STRICT;

CREATE TABLE venue_municipality (
    channel_id BLOB NOT NULL REFERENCES venue (channel_id) ON DELETE CASCADE,
    municipality TEXT NOT NULL CHECK (length(municipality) = 6),
    UNIQUE (channel_id, municipality)
) STRICT;

-- A venue's entries of the last day, counted against its quotas. Nothing of what they said.
CREATE TABLE venue_attempt (
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 32),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'registered', 'refused', 'other'))
) STRICT;
CREATE INDEX venue_attempt_of_venue ON venue_attempt (channel_id, at);
