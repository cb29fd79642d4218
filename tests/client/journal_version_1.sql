PRAGMA application_id = 1314146892;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE intents (
    number INTEGER PRIMARY KEY,
    whose TEXT NOT NULL,
    client_token TEXT NOT NULL,
    verb TEXT NOT NULL,
    session_id TEXT NOT NULL,
    parameters TEXT NOT NULL,
    state_before TEXT NOT NULL,
    asked_at REAL NOT NULL,
    claimed_until REAL NOT NULL,
    outcome TEXT,
    note TEXT NOT NULL,
    UNIQUE (whose, client_token)
);
INSERT INTO "intents" VALUES(1,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','5ef75138-eed6-41cf-a862-e4566bbaac42','launch','','{"ec2_instance_type": "g5.xlarge", "launch_profile_id": "lp-1", "name": "shot 7", "streaming_image_id": "img-1"}','',1795262400.0,1795262400.0,NULL,'');
INSERT INTO "intents" VALUES(2,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','073cc714-0db9-4335-a557-df454d0b86cb','stop','ses.stop','{}','READY',1795262400.0,1795262400.0,NULL,'');
INSERT INTO "intents" VALUES(3,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','fa0a5ab4-0117-42d2-a71b-3f6119156aff','start','ses.start','{}','STOPPED',1795262400.0,1795262400.0,NULL,'');
INSERT INTO "intents" VALUES(4,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','27903178-4ce2-42ec-997e-e13e78087020','delete','ses.delete','{}','READY',1795262400.0,1795262415.0,NULL,'');
INSERT INTO "intents" VALUES(5,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','e40438ba-d836-4da9-8a72-ecde5570f91d','rename','ses.rename','{"arn": "arn:aws:nimble:us-west-2:123456789012:streaming-session/ses.rename", "name": "new name"}','READY',1795262400.0,1795262400.0,NULL,'');
INSERT INTO "intents" VALUES(6,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','be3baf3c-7d0e-4fe4-86c7-0c0a6e486a3d','accept','','{"eula_ids": "e1"}','',1795262400.0,1795262400.0,NULL,'');
INSERT INTO "intents" VALUES(7,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','b5468e14-2b57-420f-85eb-24129bc05edd','keep','ses.keep','{}','STOPPED',1795262400.0,1795262400.0,NULL,'');
INSERT INTO "intents" VALUES(8,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','connect-token','connect','ses.rename','{}','READY',1795262400.0,1795262400.0,NULL,'');
CREATE TABLE people_plans (
    whose TEXT NOT NULL,
    kind TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    launch_profile_ids TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    ticked TEXT NOT NULL,
    changed_at REAL NOT NULL,
    PRIMARY KEY (whose, kind, principal_id)
);
CREATE TABLE plans (
    whose TEXT NOT NULL,
    session_id TEXT NOT NULL,
    start_token TEXT NOT NULL,
    stop_token TEXT NOT NULL,
    planned_at REAL NOT NULL,
    started_at REAL,
    claimed_until REAL NOT NULL,
    PRIMARY KEY (whose, session_id)
);
INSERT INTO "plans" VALUES('127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','ses.keep','b5468e14-2b57-420f-85eb-24129bc05edd','56a5da10-12b8-45eb-9d40-c5f092e4ef65',1795262400.0,NULL,0.0);
CREATE TABLE seen (
    number INTEGER PRIMARY KEY,
    whose TEXT NOT NULL,
    session_id TEXT NOT NULL,
    at REAL NOT NULL,
    state TEXT NOT NULL,
    launch_profile_id TEXT NOT NULL,
    ec2_instance_type TEXT NOT NULL,
    note TEXT NOT NULL
);
INSERT INTO "seen" VALUES(1,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','ses.stop',1795262400.0,'READY','lp-1','','');
INSERT INTO "seen" VALUES(2,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','ses.start',1795262400.0,'STOPPED','lp-1','','');
INSERT INTO "seen" VALUES(3,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','ses.delete',1795262400.0,'READY','lp-1','','');
INSERT INTO "seen" VALUES(4,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','ses.keep',1795262400.0,'STOPPED','lp-1','','');
INSERT INTO "seen" VALUES(5,'127.0.0.1
us-west-2:stid-nyoqq12fteqy1x48
92677b4b19-e9fd012a-94ad-4f16-9866-c69a63ab6486','ses.rename',1795262400.0,'READY','lp-1','','');
CREATE INDEX open_intents ON intents (whose) WHERE outcome IS NULL;
CREATE INDEX intents_by_age ON intents (whose, asked_at);
CREATE INDEX seen_by_session ON seen (whose, session_id, number);
CREATE INDEX seen_by_age ON seen (whose, at);
COMMIT;
