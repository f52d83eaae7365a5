BEGIN TRANSACTION;
CREATE TABLE deliveries (
    workspace TEXT NOT NULL,
    event TEXT NOT NULL,
    delivered_at REAL NOT NULL,
    PRIMARY KEY (workspace, event)
) STRICT, WITHOUT ROWID;
INSERT INTO "deliveries" VALUES('T01ACME','Ev01',1795000000.4);
INSERT INTO "deliveries" VALUES('T01ACME','Ev01-again',1795000002.0);
INSERT INTO "deliveries" VALUES('T01ACME','Ev02',1795000060.3);
INSERT INTO "deliveries" VALUES('T01ACME','Ev03',1795000300.5);
CREATE TABLE feedback (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    answer TEXT NOT NULL,
    person TEXT NOT NULL,
    verdict TEXT NOT NULL,
    comment TEXT,
    given_at REAL NOT NULL,
    PRIMARY KEY (workspace, channel, answer, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "feedback" VALUES('T01ACME','C0GENERAL','1795000001.000300','U0ANN','good',NULL,1795000020.0);
INSERT INTO "feedback" VALUES('T01ACME','C0GENERAL','1795000062.000300','U0BEN','bad','The second source is out of date.',1795000090.0);
CREATE TABLE messages (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    root TEXT NOT NULL,
    event TEXT NOT NULL,
    to_bot INTEGER NOT NULL,
    sent_at REAL NOT NULL,
    since_epoch INTEGER NOT NULL,
    finished_at REAL,
    PRIMARY KEY (message, channel, workspace)
) STRICT, WITHOUT ROWID;
INSERT INTO "messages" VALUES('T01ACME','C0GENERAL','1795000000.000100','1795000000.000100','Ev01',1,1795000000.0001,0,1795000009.5);
INSERT INTO "messages" VALUES('T01ACME','C0GENERAL','1795000060.000100','1795000000.000100','Ev02',0,1795000060.0001,1,1795000071.25);
INSERT INTO "messages" VALUES('T01ACME','D0ANN','1795000300.000200','1795000300.000200','Ev03',1,1795000300.0002,0,NULL);
CREATE TABLE notices (
    workspace TEXT NOT NULL,
    person TEXT NOT NULL,
    notice TEXT NOT NULL,
    told_at REAL NOT NULL,
    PRIMARY KEY (workspace, person, notice)
) STRICT, WITHOUT ROWID;
INSERT INTO "notices" VALUES('T01ACME','U0ANN','settings',1795000310.0);
CREATE TABLE presence (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    heard_until REAL NOT NULL
) STRICT;
INSERT INTO "presence" VALUES(1,1795086500.0);
CREATE TABLE reply_messages (
    position INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    root TEXT NOT NULL,
    message TEXT NOT NULL,
    finished_at REAL,
    UNIQUE (workspace, channel, message)
) STRICT;
INSERT INTO "reply_messages" VALUES(1,'T01ACME','C0GENERAL','1795000000.000100','1795000001.000300',1795000009.5);
INSERT INTO "reply_messages" VALUES(2,'T01ACME','C0GENERAL','1795000000.000100','1795000062.000300',1795000071.25);
INSERT INTO "reply_messages" VALUES(3,'T01ACME','C0GENERAL','1795000000.000100','1795000066.000300',1795000071.25);
CREATE TABLE schema_version (
    number INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    applied_at REAL NOT NULL
) STRICT
;
INSERT INTO "schema_version" VALUES(1,'906dde352e4ae989e82ee0f9762b0b9498cbc9064cd577fd7ce3d14829e86b66',1795000001.0);
INSERT INTO "schema_version" VALUES(2,'b15bae7a7516dfd3596239384f9c1dba6b9b5133008e853375ee7ea78b88e63b',1795000002.0);
INSERT INTO "schema_version" VALUES(3,'d923277bd7621fdf973fbd2f1e91d006cfd8eee121a67bf491e891dcb2cb34c4',1795000003.0);
INSERT INTO "schema_version" VALUES(4,'ff03837f984762c03d236b8a76dad0b63ed3af9ac4f6369c4694ecceaa4f2eb7',1795000004.0);
INSERT INTO "schema_version" VALUES(5,'ae5ad1a5c5afcdadf724d57c4787914cf1f847d75fa3f39e7187c94c606d674a',1795000005.0);
INSERT INTO "schema_version" VALUES(6,'8a421784967f476f828a7dc652fd085da40e03fbc3500bc94523a6be9f54b3a8',1795200000.0);
CREATE TABLE settings (
    workspace TEXT NOT NULL,
    scope TEXT NOT NULL,
    holder TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at REAL NOT NULL,
    PRIMARY KEY (workspace, scope, holder, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('T01ACME','channel','C0GENERAL','instructions','Answer like a librarian: kindly, and with a source.','U0BEN',1795000110.0);
INSERT INTO "settings" VALUES('T01ACME','thread','C0GENERAL/1795000000.000100','reasoning_effort','high','U0ANN',1795000120.0);
INSERT INTO "settings" VALUES('T01ACME','user','U0ANN','model','gpt-6.1-sol','U0ANN',1795000100.0);
CREATE TABLE spending (
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    day INTEGER NOT NULL,
    pictures INTEGER NOT NULL,
    dollars REAL NOT NULL,
    PRIMARY KEY (workspace, kind, holder, day)
) STRICT, WITHOUT ROWID;
INSERT INTO "spending" VALUES('T01ACME','channel','C0GENERAL',20775,0,0.003717);
INSERT INTO "spending" VALUES('T01ACME','channel','D0ANN',20776,1,7.0e-05);
INSERT INTO "spending" VALUES('T01ACME','everybody','',20775,0,0.003717);
INSERT INTO "spending" VALUES('T01ACME','everybody','',20776,1,7.0e-05);
INSERT INTO "spending" VALUES('T01ACME','person','U0ANN',20775,0,0.00194);
INSERT INTO "spending" VALUES('T01ACME','person','U0ANN',20776,1,7.0e-05);
INSERT INTO "spending" VALUES('T01ACME','person','U0BEN',20775,0,0.001777);
CREATE TABLE threads (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    root TEXT NOT NULL,
    epoch INTEGER NOT NULL, waited INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace, channel, root)
) STRICT, WITHOUT ROWID;
INSERT INTO "threads" VALUES('T01ACME','C0GENERAL','1795000000.000100',2,1);
INSERT INTO "threads" VALUES('T01ACME','D0ANN','1795000300.000200',1,0);
CREATE TABLE usage (
    answer INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    person TEXT NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    pictures INTEGER NOT NULL,
    dollars REAL NOT NULL,
    answered_at REAL NOT NULL
, answers INTEGER NOT NULL DEFAULT 1, searches INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "usage" VALUES(1,'T01ACME','C0GENERAL','U0ANN','gpt-6.1-terra',1200,800,300,0,0.00194,1795000009.5,1,0);
INSERT INTO "usage" VALUES(2,'T01ACME','C0GENERAL','U0BEN','gpt-6.1-terra',1500,1024,250,0,0.001777,1795000071.25,1,0);
INSERT INTO "usage" VALUES(3,'T01ACME','D0ANN','U0ANN','gpt-6-luna',400,0,60,1,7.0e-05,1795086471.0,1,0);
INSERT INTO "usage" VALUES(4,'T01ACME','D0ANN','U0ANN','gpt-6-luna',900,512,120,0,0.02010392,1795172871.0,1,2);
INSERT INTO "usage" VALUES(5,'T01ACME','D0ANN','U0ANN','gpt-image-2.5-flare',60,0,440,1,0.01368,1795172871.0,0,0);
CREATE INDEX waiting_messages ON messages (workspace, channel, root, sent_at, message) WHERE finished_at IS NULL;
CREATE INDEX messages_of_replies ON reply_messages (workspace, channel, root);
CREATE INDEX usage_of_people ON usage (workspace, person, answered_at);
CREATE INDEX usage_of_times ON usage (workspace, answered_at);
COMMIT;
