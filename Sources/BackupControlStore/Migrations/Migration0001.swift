/// The first version of the tables, in SQL that SQLite and PostgreSQL both read.
///
/// Times are Unix milliseconds; yes and no are 1 and 0; JSON is text that only its reader looks into. What is secret is sealed
/// under the master key before it gets here, and keys of agents, sessions and tokens are SHA-256 hashes.
enum Migration0001 {
    static let sql = """
        -- Single values of the whole installation: sealed settings, and a row for those to wait at who would make the first owner.
        CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        -- Tokens of the first start; good while there is nobody.
        CREATE TABLE setup_tokens (token_hash BYTEA PRIMARY KEY, created_at BIGINT NOT NULL);

        -- People

        CREATE TABLE users (
            id TEXT PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            totp_secret BYTEA,
            totp_enabled SMALLINT NOT NULL DEFAULT 0,
            totp_last_step BIGINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL,
            disabled_at BIGINT
        );
        CREATE TABLE sessions (
            token_hash BYTEA PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            csrf_token TEXT NOT NULL,
            address TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX sessions_by_user ON sessions (user_id);
        CREATE TABLE api_tokens (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            token_hash BYTEA NOT NULL UNIQUE,
            created_at BIGINT NOT NULL,
            expires_at BIGINT,
            last_used_at BIGINT
        );
        CREATE TABLE audit_log (
            id TEXT PRIMARY KEY,
            at BIGINT NOT NULL,
            actor_kind TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            actor_name TEXT NOT NULL,
            address TEXT NOT NULL,
            action TEXT NOT NULL,
            object_kind TEXT NOT NULL,
            object_id TEXT NOT NULL,
            details TEXT NOT NULL
        );
        CREATE INDEX audit_by_object ON audit_log (object_kind, object_id, id);
        CREATE TABLE idempotency_keys (
            scope TEXT NOT NULL,
            key TEXT NOT NULL,
            request_hash BYTEA NOT NULL,
            status BIGINT NOT NULL,
            response TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (scope, key)
        );
        CREATE INDEX idempotency_by_time ON idempotency_keys (created_at);

        -- Agents and what they protect

        CREATE TABLE storage_profiles (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            settings TEXT NOT NULL,
            sealed_secret BYTEA,
            is_default SMALLINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL
        );
        CREATE TABLE agents (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            key_hash BYTEA NOT NULL UNIQUE,
            max_parallel_jobs BIGINT NOT NULL DEFAULT 1,
            log_level TEXT NOT NULL DEFAULT '',
            maintenance_start TEXT NOT NULL DEFAULT '',
            maintenance_end TEXT NOT NULL DEFAULT '',
            auto_update SMALLINT NOT NULL DEFAULT 0,
            -- Rises with each change of the agent, its targets, jobs or checks.
            config_version BIGINT NOT NULL DEFAULT 1,
            applied_version BIGINT NOT NULL DEFAULT 0,
            -- What it said of itself when it registered.
            version TEXT NOT NULL DEFAULT '',
            hostname TEXT NOT NULL DEFAULT '',
            os TEXT NOT NULL DEFAULT '',
            arch TEXT NOT NULL DEFAULT '',
            docker_version TEXT NOT NULL DEFAULT '',
            capabilities TEXT NOT NULL DEFAULT '',
            -- The live session: which replica has it. The number rises with each one, and only the newest may act.
            session_number BIGINT NOT NULL DEFAULT 0,
            session_replica TEXT,
            connected_at BIGINT,
            last_seen_at BIGINT,
            -- When it was told that it is gone; null while it is not.
            offline_alerted_at BIGINT,
            metrics TEXT,
            discovered TEXT,
            -- How many of those databases are no target.
            untargeted BIGINT NOT NULL DEFAULT 0,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX agents_by_replica ON agents (session_replica);
        -- What another replica shall ask its agent; for some minutes.
        CREATE TABLE agent_questions (
            id TEXT PRIMARY KEY,
            agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
            target_id TEXT NOT NULL,
            -- JSON; null while there is none.
            answer TEXT,
            asked_at BIGINT NOT NULL
        );
        CREATE INDEX agent_questions_by_time ON agent_questions (asked_at);
        CREATE TABLE targets (
            id TEXT PRIMARY KEY,
            agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            engine TEXT NOT NULL,
            host TEXT NOT NULL,
            port BIGINT NOT NULL,
            database_name TEXT NOT NULL,
            username TEXT NOT NULL,
            -- A reference such as env:NAME, or empty; a password itself is sealed.
            secret_reference TEXT NOT NULL,
            sealed_password BYTEA,
            container_id TEXT NOT NULL,
            strategy TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            UNIQUE (agent_id, name)
        );
        CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
            target_id TEXT NOT NULL REFERENCES targets (id) ON DELETE CASCADE,
            storage_id TEXT NOT NULL REFERENCES storage_profiles (id),
            name TEXT NOT NULL,
            enabled SMALLINT NOT NULL DEFAULT 1,
            cron TEXT NOT NULL,
            jitter_s BIGINT NOT NULL DEFAULT 0,
            -- When the next run is due; null for none. The scheduler moves it on in the same write that makes the run.
            next_due_at BIGINT,
            -- When the next proven backup is due at the latest, and whether its lateness has been told.
            expected_by BIGINT,
            late_alerted_at BIGINT,
            compression TEXT NOT NULL,
            encryption TEXT NOT NULL,
            recipients TEXT NOT NULL DEFAULT '',
            -- JSON: keep-days, keep-last, hourly, daily, weekly, monthly, yearly.
            retention TEXT NOT NULL,
            pre_hooks TEXT NOT NULL DEFAULT '[]',
            post_hooks TEXT NOT NULL DEFAULT '[]',
            max_attempts BIGINT NOT NULL,
            backoff_s TEXT NOT NULL,
            timeout_s BIGINT NOT NULL,
            -- How much later than that a backup may come before it is late.
            grace_s BIGINT NOT NULL,
            validation TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            UNIQUE (agent_id, name)
        );
        CREATE INDEX jobs_by_due ON jobs (next_due_at) WHERE next_due_at IS NOT NULL;
        CREATE INDEX jobs_by_expectation ON jobs (expected_by) WHERE expected_by IS NOT NULL;
        CREATE INDEX jobs_by_agent ON jobs (agent_id);
        CREATE INDEX jobs_by_target ON jobs (target_id);
        -- Slots whose backup did not come in time, one for each time that it was told. For pictures of a year; older ones go.
        CREATE TABLE late_slots (
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            due_at BIGINT NOT NULL,
            PRIMARY KEY (job_id, due_at)
        );
        CREATE INDEX late_slots_by_time ON late_slots (due_at);

        -- Runs. Their ids sort by time, so pages go by id. Nothing here refers to jobs and targets by foreign keys: a backup
        -- outlives the job that made it.
        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            job_id TEXT NOT NULL,
            agent_id TEXT NOT NULL,
            target_id TEXT NOT NULL,
            storage_id TEXT NOT NULL,
            -- pending, dispatched, running, uploading, validating, success, failed, cancelled, lost: only forward.
            status TEXT NOT NULL,
            trigger_kind TEXT NOT NULL,
            -- The slot of the schedule; null for a run by hand. Unique with the job, so that no slot is run twice.
            slot_at BIGINT,
            attempt BIGINT NOT NULL DEFAULT 1,
            retry_of TEXT,
            not_before BIGINT NOT NULL,
            -- A claim: who prepares it, until when, and the number that a later claim makes stale.
            claimed_by TEXT,
            lease_until BIGINT,
            fence BIGINT NOT NULL DEFAULT 0,
            cancel_requested SMALLINT NOT NULL DEFAULT 0,
            deadline_at BIGINT,
            object_key TEXT NOT NULL DEFAULT '',
            upload_id TEXT,
            key_id TEXT,
            wrapped_key BYTEA,
            recipients TEXT NOT NULL DEFAULT '',
            format_version BIGINT NOT NULL DEFAULT 0,
            progress_percent BIGINT NOT NULL DEFAULT 0,
            -- What the agent is at, in its words; while bytes stream, the stage that the others wait for.
            step TEXT NOT NULL DEFAULT '',
            bytes_done BIGINT NOT NULL DEFAULT 0,
            size_bytes BIGINT,
            dump_size_bytes BIGINT,
            sha256 TEXT,
            duration_ms BIGINT,
            compression TEXT NOT NULL DEFAULT '',
            engine TEXT NOT NULL DEFAULT '',
            engine_version TEXT NOT NULL DEFAULT '',
            -- none, stream, first_frame, full: how far the stored object was read back.
            validated TEXT NOT NULL DEFAULT 'none',
            manifest TEXT,
            error_code TEXT,
            error_message TEXT,
            error_hint TEXT,
            created_at BIGINT NOT NULL,
            started_at BIGINT,
            finished_at BIGINT,
            -- Deletion has two steps: marked, then removed after a grace period.
            delete_marked_at BIGINT,
            delete_reason TEXT,
            -- No longer a backup that anybody can restore; and when the last byte of it was gone from its store, also of a run without
            -- success.
            deleted_at BIGINT,
            purged_at BIGINT,
            -- When its bytes were last tried to be taken away; and when, after its store has refused, that may begin again.
            purge_tried_at BIGINT,
            delete_again_at BIGINT,
            UNIQUE (job_id, slot_at)
        );
        -- One live run of a job.
        CREATE UNIQUE INDEX runs_live ON runs (job_id)
            WHERE status IN ('pending', 'dispatched', 'running', 'uploading', 'validating');
        CREATE INDEX runs_live_by_agent ON runs (agent_id, status)
            WHERE status IN ('pending', 'dispatched', 'running', 'uploading', 'validating');
        CREATE INDEX runs_by_agent ON runs (agent_id, id);
        CREATE INDEX runs_by_agent_status ON runs (agent_id, status, id);
        CREATE INDEX runs_by_target ON runs (target_id, id);
        CREATE INDEX runs_by_target_status ON runs (target_id, status, id);
        CREATE INDEX runs_by_job ON runs (job_id, id);
        CREATE INDEX runs_by_job_status ON runs (job_id, status, id);
        CREATE INDEX runs_by_status ON runs (status, id);
        CREATE INDEX runs_by_end ON runs (finished_at) WHERE finished_at IS NOT NULL;
        CREATE INDEX runs_to_delete ON runs (delete_marked_at) WHERE delete_marked_at IS NOT NULL AND deleted_at IS NULL;
        CREATE INDEX runs_to_purge ON runs (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
        CREATE INDEX runs_left ON runs (finished_at)
            WHERE finished_at IS NOT NULL AND status <> 'success' AND object_key <> '' AND purged_at IS NULL;
        CREATE INDEX runs_over ON runs (COALESCE(purged_at, finished_at))
            WHERE finished_at IS NOT NULL AND (object_key = '' OR purged_at IS NOT NULL);
        -- Targets whose retention was stopped, because too much was to go at once.
        CREATE TABLE retention_brakes (
            target_id TEXT PRIMARY KEY,
            at BIGINT NOT NULL,
            wanted BIGINT NOT NULL,
            total BIGINT NOT NULL,
            approved_until BIGINT
        );
        CREATE TABLE run_logs (
            run_id TEXT NOT NULL,
            number BIGINT NOT NULL,
            at BIGINT NOT NULL,
            level TEXT NOT NULL,
            message TEXT NOT NULL,
            fields TEXT NOT NULL,
            -- Of the texts of this line and of all before it.
            total_bytes BIGINT NOT NULL,
            PRIMARY KEY (run_id, number)
        );
        CREATE TABLE restores (
            id TEXT PRIMARY KEY,
            run_id TEXT NOT NULL,
            agent_id TEXT NOT NULL,
            status TEXT NOT NULL,
            request TEXT NOT NULL,
            sealed_secret BYTEA,
            claimed_by TEXT,
            lease_until BIGINT,
            fence BIGINT NOT NULL DEFAULT 0,
            cancel_requested SMALLINT NOT NULL DEFAULT 0,
            progress_percent BIGINT NOT NULL DEFAULT 0,
            step TEXT NOT NULL DEFAULT '',
            bytes_done BIGINT NOT NULL DEFAULT 0,
            target_state TEXT,
            error_code TEXT,
            error_message TEXT,
            error_hint TEXT,
            created_at BIGINT NOT NULL,
            started_at BIGINT,
            finished_at BIGINT
        );
        CREATE INDEX restores_live ON restores (agent_id) WHERE status IN ('pending', 'dispatched', 'running');

        -- Health

        CREATE TABLE health_checks (
            id TEXT PRIMARY KEY,
            agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            target TEXT NOT NULL,
            interval_s BIGINT NOT NULL,
            timeout_s BIGINT NOT NULL,
            expected_status BIGINT,
            expected_text TEXT NOT NULL,
            enabled SMALLINT NOT NULL DEFAULT 1,
            is_public SMALLINT NOT NULL DEFAULT 0,
            -- up, down or unknown, since when, and how many failures in a row.
            state TEXT NOT NULL DEFAULT 'unknown',
            state_since BIGINT,
            failures BIGINT NOT NULL DEFAULT 0,
            last_result_at BIGINT,
            created_at BIGINT NOT NULL,
            UNIQUE (agent_id, name)
        );
        CREATE TABLE health_results (
            check_id TEXT NOT NULL REFERENCES health_checks (id) ON DELETE CASCADE,
            at BIGINT NOT NULL,
            ok SMALLINT NOT NULL,
            latency_ms BIGINT NOT NULL,
            status_code BIGINT NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (check_id, at)
        );
        CREATE INDEX health_results_by_time ON health_results (at);
        -- Sums of each hour, kept when the single results are gone.
        CREATE TABLE health_hours (
            check_id TEXT NOT NULL REFERENCES health_checks (id) ON DELETE CASCADE,
            hour BIGINT NOT NULL,
            ok_count BIGINT NOT NULL,
            failed_count BIGINT NOT NULL,
            latency_sum_ms BIGINT NOT NULL,
            -- For how long the results stand: each for the interval that the check had then.
            covered_s BIGINT NOT NULL,
            PRIMARY KEY (check_id, hour)
        );
        CREATE INDEX health_hours_by_time ON health_hours (hour);

        -- Telling people

        CREATE TABLE notification_channels (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            settings TEXT NOT NULL,
            sealed_secret BYTEA,
            enabled SMALLINT NOT NULL DEFAULT 1,
            -- Kinds of notices that are not told there, with spaces between.
            muted TEXT NOT NULL DEFAULT '',
            last_sent_at BIGINT,
            last_error TEXT NOT NULL DEFAULT '',
            created_at BIGINT NOT NULL
        );
        -- What is to be told to whom; made in the same write as what it tells of.
        CREATE TABLE notifications (
            id TEXT PRIMARY KEY,
            -- The same thing is told once.
            dedup_key TEXT NOT NULL,
            channel_id TEXT NOT NULL REFERENCES notification_channels (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            attempts BIGINT NOT NULL DEFAULT 0,
            next_attempt_at BIGINT,
            claimed_by TEXT,
            lease_until BIGINT,
            last_error TEXT,
            created_at BIGINT NOT NULL,
            sent_at BIGINT,
            UNIQUE (channel_id, dedup_key)
        );
        CREATE INDEX notifications_due ON notifications (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
        CREATE INDEX notifications_sent ON notifications (channel_id, sent_at) WHERE sent_at IS NOT NULL;
        CREATE INDEX notifications_by_time ON notifications (created_at);
        -- When some server was there last, and the newest time in which none was.
        CREATE TABLE server_pulse (
            id BIGINT PRIMARY KEY,
            alive_at BIGINT NOT NULL,
            down_from BIGINT,
            down_to BIGINT
        );
        -- The public page, and its incidents.
        CREATE TABLE status_page (id BIGINT PRIMARY KEY, settings TEXT NOT NULL);
        CREATE TABLE incidents (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            body TEXT NOT NULL,
            status TEXT NOT NULL,
            impact TEXT NOT NULL,
            updates TEXT NOT NULL,
            started_at BIGINT NOT NULL,
            resolved_at BIGINT
        );
        -- The event stream, so that a reader that lost its connection, or has it to another replica, misses nothing. A few
        -- thousand of the newest are kept.
        CREATE TABLE events (
            number BIGINT PRIMARY KEY,
            at BIGINT NOT NULL,
            topic TEXT NOT NULL,
            name TEXT NOT NULL,
            data TEXT NOT NULL
        );
        CREATE TABLE event_counter (id BIGINT PRIMARY KEY, last BIGINT NOT NULL);
        INSERT INTO event_counter (id, last) VALUES (1, 0);
        """
}
