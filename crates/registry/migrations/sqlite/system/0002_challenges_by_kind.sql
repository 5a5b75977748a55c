-- Challenges are bounded for each kind of channel. Those given before live for seconds: they are
-- dropped, not guessed at.
DELETE FROM challenge;
ALTER TABLE challenge ADD COLUMN channel_kind TEXT NOT NULL DEFAULT '';
CREATE INDEX challenge_of_kind ON challenge (channel_kind);
