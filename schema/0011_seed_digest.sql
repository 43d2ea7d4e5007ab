-- Which seed was run at start: the SHA-256 of its file in hexadecimal digits, so that a
-- changed file is noticed. NULL: an older version ran it.
ALTER TABLE start_seed ADD COLUMN digest TEXT CHECK (length(digest) = 64);
