-- A kiosk that changes its key: the old one is good for some days beside its successor, so that the
-- kiosk can change over when it has time. A row goes with the old key's registration.
CREATE TABLE kiosk_successor (
    channel_id BLOB NOT NULL UNIQUE REFERENCES kiosk (channel_id) ON DELETE CASCADE,
    successor BLOB NOT NULL UNIQUE CHECK (length(successor) = 32),
    ends_at INTEGER NOT NULL
) STRICT;
