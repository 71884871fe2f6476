-- A history of the first format as that version wrote it, of the year's first quarter: its dump, tables
-- before rows, and what others refer to before them.
CREATE TABLE review (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  fromNanoseconds INTEGER, fromDigits INTEGER,
  toNanoseconds INTEGER NOT NULL, toDigits INTEGER NOT NULL,
  vocabulary TEXT NOT NULL, scoring TEXT NOT NULL, scoringDigest TEXT NOT NULL
);
CREATE TABLE agent (
  review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
  id TEXT NOT NULL, privilege INTEGER, composition INTEGER,
  held INTEGER NOT NULL, unused INTEGER NOT NULL, sources TEXT NOT NULL,
  isEvidenceEnough INTEGER NOT NULL,
  PRIMARY KEY (review, id)
) WITHOUT ROWID;
CREATE TABLE finding (
  review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
  id TEXT NOT NULL, policy TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
  status TEXT NOT NULL, severity TEXT NOT NULL, agents TEXT NOT NULL,
  occurrences INTEGER NOT NULL, lastNanoseconds INTEGER, lastDigits INTEGER,
  PRIMARY KEY (review, id)
) WITHOUT ROWID;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE policy (
  review INTEGER NOT NULL REFERENCES review (number) ON DELETE CASCADE,
  id TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (review, id)
) WITHOUT ROWID;
INSERT INTO "review" VALUES(1,'acme-2026-Q1',1767225600000000000,0,1775001599999999999,0,'2026.11','1','cf0806dbfd92bcdf');
INSERT INTO "agent" VALUES(1,'crm-sync',0,60,2,0,'["canonical-events"]',1);
INSERT INTO "agent" VALUES(1,'ops-agent',6,14,3,0,'["canonical-events"]',1);
INSERT INTO "agent" VALUES(1,'procurement-bot',11,75,3,0,'["canonical-events"]',1);
INSERT INTO "agent" VALUES(1,'support-agent',7,21,3,1,'["canonical-events"]',1);
INSERT INTO "finding" VALUES(1,'action-told-by-content-18e50bd00878','action-told-by-content','What was read told its reader to do something, and it was done though the task asked for no such thing','composition','latent','high','["support-agent"]',0,NULL,NULL);
INSERT INTO "finding" VALUES(1,'action-told-by-content-2bce37026f2b','action-told-by-content','What was read told its reader to do something, and it was done though the task asked for no such thing','composition','latent','high','["crm-sync"]',0,NULL,NULL);
INSERT INTO "finding" VALUES(1,'action-told-by-content-5c700ab32941','action-told-by-content','What was read told its reader to do something, and it was done though the task asked for no such thing','composition','latent','high','["ops-agent"]',0,NULL,NULL);
INSERT INTO "finding" VALUES(1,'customer-data-out-by-external-channel-d40eda5cfb87','customer-data-out-by-external-channel','Customer data was read and exported, and an external channel opened in the same piece of work','composition','near-miss','critical','["crm-sync"]',22,1774663209000000000,0);
INSERT INTO "finding" VALUES(1,'destination-taken-from-content-e3b9513dbd5a','destination-taken-from-content','An address, link or account stood in the text of what was read, and was acted on without the task having named it','composition','latent','high','["crm-sync"]',0,NULL,NULL);
INSERT INTO "finding" VALUES(1,'policy-blind-e76614c6a7f1','policy-blind','Policies met no event that could begin their chain','policy','open','low','[]',0,NULL,NULL);
INSERT INTO "finding" VALUES(1,'small-exports-pass-the-limit-1683a6c18dbb','small-exports-pass-the-limit','Many small exports by one agent together passed 10,000 records in a day','composition','realised','high','["crm-sync"]',1,1771336800000000000,0);
INSERT INTO "finding" VALUES(1,'untrusted-content-to-side-effect-a87b5ee6414f','untrusted-content-to-side-effect','Content from outside was read, and a consequential action followed in the same task','composition','latent','moderate','["support-agent"]',0,NULL,NULL);
INSERT INTO "finding" VALUES(1,'vendor-created-then-bank-details-changed-13e8e3c66430','vendor-created-then-bank-details-changed','A vendor was created, asked for a price, and its bank details changed, in one line of work','composition','realised','critical','["procurement-bot"]',1,1770909215000000000,0);
INSERT INTO "finding" VALUES(1,'vendor-created-then-bank-details-changed-fa7a4cd74212','vendor-created-then-bank-details-changed','A vendor was created, asked for a price, and its bank details changed, in one line of work','composition','near-miss','critical','["procurement-bot"]',1,1770300035000000000,0);
INSERT INTO "grdb_migrations" VALUES('1: reviews, agents, findings');
INSERT INTO "policy" VALUES(1,'action-told-by-content','98681f0237dbcd67');
INSERT INTO "policy" VALUES(1,'audit-disabled-and-never-reviewed','5934b6c6154f7e2f');
INSERT INTO "policy" VALUES(1,'audit-disabled-then-destructive-action','2234ff26161e7c5c');
INSERT INTO "policy" VALUES(1,'build-fetches-production-secret-and-redeploys','9a6d700e968e138e');
INSERT INTO "policy" VALUES(1,'bulk-destruction','02b316b87a19f294');
INSERT INTO "policy" VALUES(1,'commands-on-many-hosts','add9bc050252b878');
INSERT INTO "policy" VALUES(1,'copy-made-then-shared-outside','5a1e306d52115466');
INSERT INTO "policy" VALUES(1,'customer-data-out-by-external-channel','f2443652b98a1ac6');
INSERT INTO "policy" VALUES(1,'delegated-read-then-sent-outside','f1fb8859d7b1870e');
INSERT INTO "policy" VALUES(1,'deploy-with-secret-without-approval','4c2a513bb4c79184');
INSERT INTO "policy" VALUES(1,'destination-taken-from-content','140b262afd37d03b');
INSERT INTO "policy" VALUES(1,'external-send-then-record-masked','97d994896d45263f');
INSERT INTO "policy" VALUES(1,'federation-token-made-then-used','174b285963d180e9');
INSERT INTO "policy" VALUES(1,'host-credentials-used-to-look-around','cb1d87aa553e5520');
INSERT INTO "policy" VALUES(1,'identity-created-then-privileged','59035fda38f4a665');
INSERT INTO "policy" VALUES(1,'identity-probe-then-new-credential','4f715cd0d2d8072b');
INSERT INTO "policy" VALUES(1,'instance-stopped-rewritten-and-started','c1ec3cd85860a84c');
INSERT INTO "policy" VALUES(1,'model-access-opened-then-used','5e6ebd53fd948835');
INSERT INTO "policy" VALUES(1,'outside-trust-made-usable','b58b883aad780aaf');
INSERT INTO "policy" VALUES(1,'privilege-granted-to-itself-then-used','d63c7ce4d5307e90');
INSERT INTO "policy" VALUES(1,'refusals-in-bulk','9b528b6234bac896');
INSERT INTO "policy" VALUES(1,'release-without-tests-or-approval','44db807e6885d78e');
INSERT INTO "policy" VALUES(1,'remote-access-to-many-hosts','4f0f97785bbb3519');
INSERT INTO "policy" VALUES(1,'role-assumed-then-guardrail-removed','b2eb41f1ab0f05f7');
INSERT INTO "policy" VALUES(1,'secret-to-external-channel','760f7a858a47881d');
INSERT INTO "policy" VALUES(1,'secrets-read-in-batches','dfc0507bbae6095d');
INSERT INTO "policy" VALUES(1,'secrets-read-in-bulk','4ccc69db9196624b');
INSERT INTO "policy" VALUES(1,'sensitive-read-then-external-send','0a26cdc1a1c0147a');
INSERT INTO "policy" VALUES(1,'serial-console-opened-then-used','5daae492aa41120c');
INSERT INTO "policy" VALUES(1,'session-taken-then-costly-machines','235f0f0f00b368f0');
INSERT INTO "policy" VALUES(1,'several-audit-controls-disabled','4109ee97525dccef');
INSERT INTO "policy" VALUES(1,'small-exports-pass-the-limit','1e730a781f99731c');
INSERT INTO "policy" VALUES(1,'staging-identity-reaches-production','7f3ea1e0be88bcbe');
INSERT INTO "policy" VALUES(1,'task-left-its-declared-scope','d82c8ee28baf80a9');
INSERT INTO "policy" VALUES(1,'untrusted-content-to-side-effect','3158460a279171be');
INSERT INTO "policy" VALUES(1,'vendor-created-then-bank-details-changed','e2c4c8a990a79146');
INSERT INTO "policy" VALUES(1,'went-ahead-while-approval-was-pending','2699aec14c230101');
CREATE INDEX reviewByEnd ON review (toNanoseconds);
CREATE INDEX findingByID ON finding (id, review);
