-- Money is in cents, dates are ISO 8601.
CREATE TABLE IF NOT EXISTS accounts (
  account TEXT PRIMARY KEY, mail TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, phone TEXT NOT NULL,
  language TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
  number TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts, status TEXT NOT NULL, placed_at TEXT NOT NULL,
  delivered_on TEXT, street TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, shipping INTEGER NOT NULL,
  paid_by TEXT NOT NULL,
  CHECK (status IN ('confirmed', 'packed', 'shipped', 'delivered', 'cancelled')));
CREATE INDEX IF NOT EXISTS orders_of ON orders (account);
CREATE TABLE IF NOT EXISTS items (
  item TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES orders, name TEXT NOT NULL, kind TEXT NOT NULL,
  quantity INTEGER NOT NULL, price INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS items_of ON items (number);
CREATE TABLE IF NOT EXISTS refunds (
  refund TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES orders, item TEXT REFERENCES items, amount INTEGER NOT NULL,
  reason TEXT NOT NULL, status TEXT NOT NULL, started_on TEXT NOT NULL, arrives_by TEXT NOT NULL,
  CHECK (status IN ('started', 'sent', 'arrived')), CHECK (amount > 0));
CREATE INDEX IF NOT EXISTS refunds_of ON refunds (number);
CREATE TABLE IF NOT EXISTS subscriptions (
  subscription TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts, blend TEXT NOT NULL, bag TEXT NOT NULL,
  every_weeks INTEGER NOT NULL, grind TEXT NOT NULL, status TEXT NOT NULL, paused_until TEXT, next_on TEXT,
  CHECK (status IN ('active', 'paused', 'ended')));
CREATE INDEX IF NOT EXISTS subscriptions_of ON subscriptions (account);
CREATE TABLE IF NOT EXISTS labels (
  label TEXT PRIMARY KEY, item TEXT NOT NULL REFERENCES items, reason TEXT NOT NULL, status TEXT NOT NULL,
  made_on TEXT NOT NULL, CHECK (status IN ('open', 'cancelled', 'used')));
CREATE TABLE IF NOT EXISTS letters (
  letter INTEGER PRIMARY KEY, number TEXT NOT NULL REFERENCES orders, kind TEXT NOT NULL, mail TEXT NOT NULL,
  sent_at TEXT NOT NULL);
-- What was done under which key, written in the transaction that did it.
CREATE TABLE IF NOT EXISTS actions (
  key TEXT PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL, status INTEGER NOT NULL,
  answer TEXT NOT NULL, at TEXT NOT NULL);
