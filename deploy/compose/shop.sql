CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL, total numeric(10, 2) NOT NULL);
INSERT INTO orders SELECT i, timestamptz '2026-01-01' + i * interval '1 minute', (i % 10000) / 100.0 FROM generate_series(1, 100000) AS i;
