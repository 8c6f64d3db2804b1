#!/usr/bin/python3
"""Breaks the delivery engine on purpose, one place at a time, and shows that the tests notice each.

    tests/faults/mutants.py              all of them
    tests/faults/mutants.py --only WORD  those whose names contain the word
    tests/faults/mutants.py --list

Each mutant is a copy of the tree in which one piece of text is replaced by another. It is built, and the tests that are
named for it are run until one fails. A mutant that no test notices is a failure of this test, and so is one that does
not compile or whose text is not there any more. Prints TAP."""

import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT_SEC = 300

# Tests, as words for a shell in the mutant's tree.
ENGINE = "unit:store/test_engine"
SCHEMA = "unit:store/test_schema"
JUDGE = "unit:unit/test_judge"
GUARD = "unit:unit/test_guard"
SENTLOG = "unit:unit/test_sentlog"
SMTP = "unit:unit/test_gateway_smtp"
HTTP = "unit:unit/test_gateway_http"
ASK = "unit:unit/test_gateway_ask"
SMTP_TLS = "unit:unit/test_gateway_smtp_tls"
TRANSFER = "unit:unit/test_transfer"
STOP = "unit:unit/test_gateway_stopping"
OUTBOX = "unit:unit/test_gateway_outbox"
TICK = "bats:tests/cli/tick.bats"
CHANGE = "bats:tests/cli/change.bats"
DOUBT = "bats:tests/cli/doubt.bats"
RECOVER = "bats:tests/cli/recover.bats"
FORGET_AGAIN = "bats:tests/cli/forget_again.bats"
GUARDS = "bats:tests/cli/guards.bats"
ADOPT = "bats:tests/cli/adopt.bats"
SAME = "bats:tests/cli/recover_same.bats"
KILL = "python:tests/faults/kill.py --sample 60"
MANY = "python:tests/faults/many.py --sample 10"
ERRORS = "python:tests/faults/errors.py --sample 60"
ANSWER = "python:tests/faults/answer.py"
PROXIES = "python:tests/faults/machine.py --only proxy"

CORRECTION = "bats:tests/cli/correction.bats"
OUTAGES = "python:tests/scenarios/run.py tests/scenarios/outages.txt"
DIGEST = "bats:tests/cli/digest.bats"
ON_ITS_WAY = "python:tests/faults/many.py --only colleague"
DIGEST_DEATH = "bats:tests/cli/digest_death.bats"
DAYS = "python:tests/faults/days.py --days 300"

# The commit of the answer.
COMMIT = ("    enum rc rc = store_begin(l->d->store, err);\n    if (rc == RC_OK)\n"
          "        rc = store_finish(l->d->store, record(l, j, err), err);\n")
CURL = "src/gateway/transfer.c"
LEDGER, SQL, JUDGING = "src/dispatch/ledger.c", "src/store/sqlite/sql.c", "src/dispatch/judge.c"
LISTS = "src/dispatch/digest.c"
MUTANTS = [
    # name, file, text, its replacement, tests that may notice
    ("T2 is left out", LEDGER,
     "return !in_trouble(l, before_risk(l, &err), &err) && l->handed_over;",
     "(void)in_trouble, (void)err, (void)before_risk;\n    return l->handed_over = true;", [TICK]),
    ("T2 comes after the file has its name (outbox)", "src/gateway/outbox.c",
     "    else if (delivery_risk(hooks) == RISK_DENIED)",
     "    else if (publish(dirfd, tmp, name) && delivery_risk(hooks) == RISK_DENIED)", [OUTBOX, KILL]),
    ("T2 comes after the answer (HTTP)", "src/gateway/http.c",
     "    x->risk = x->question ? RISK_TAKEN : delivery_risk(x->hooks);\n", "    x->risk = RISK_TAKEN;\n", [HTTP, KILL]),
    ("T2 comes with the answer (SMTP)", "src/gateway/smtp.c",
     "    s->risk = delivery_risk(s->hooks);\n", "    s->risk = RISK_TAKEN;\n", [SMTP, KILL]),
    ("T2 does not look at the end", SQL,
     "\"AND state = 'claimed' AND stale = 0 AND expires_at > $1 \"",
     "\"AND state = 'claimed' AND stale = 0 AND $1 > 0 \"", [ENGINE]),
    ("T2 does not look whether the claim is its own", SQL,
     "\"WHERE t.id = $3 AND t.action_id = action.id AND t.outcome IS NULL) \"",
     "\"WHERE $3 = $3 AND t.action_id = action.id AND t.outcome IS NULL) \"", [ENGINE]),
    ("T2 does not look at the cancellation", SQL,
     "t.action_id = action.id AND t.outcome IS NULL) \"                 \\\n              \"AND \" NOT_ENDED)",
     "t.action_id = action.id AND t.outcome IS NULL)\")", [ENGINE]),
    ("T1 takes what is over its end", SQL,
     "\"AND expires_at > $1 AND NOT \" UNSETTLED", "\"AND NOT \" UNSETTLED", [ENGINE]),
    ("T1 takes what must be planned anew", SQL, "\"AND stale = 0 \"     ", "\"AND stale >= 0 \"     ", [ENGINE]),
    ("a verdict overrules what people did meanwhile", SQL,
     "WHERE id = $8 AND state IN ('claimed', 'at_risk') \"", "WHERE id = $8 \"", [ENGINE, CHANGE]),
    ("what was at risk is taken for not sent after a crash", LEDGER,
     "*ret = (struct delivery){.class = DELIVERY_IN_DOUBT};", "*ret = (struct delivery){.class = DELIVERY_STOPPED};",
     [TICK, KILL]),
    ("the sent log is not asked after a crash", LEDGER,
     "    if (knows == LOG_KNOWS_NOT) {", "    knows = LOG_KNOWS_RISK;\n    if (knows == LOG_KNOWS_NOT) {", [ANSWER]),
    ("the line of the sent log is not synced", "src/dispatch/sentlog.c",
     "return rc == RC_OK && line->kind != LOG_SAID ? sentlog_sync(log, err) : rc;", "return rc;", [ANSWER]),
    ("the line of the sent log comes without the commit", LEDGER,
     "    rc = store_finish(l->d->store, rc, err);\n    if (rc != RC_OK || seq == 0)\n        return rc;\n    l->here.seq",
     "    if (rc != RC_OK || seq == 0) {\n        store_rollback(l->d->store);\n        return rc;\n    }\n    l->here.seq",
     [TICK, ANSWER]),
    ("the answer is not noted before its commit", LEDGER, "    bool noted = ledger_note_said(l, dv);\n", "    bool noted = false && ledger_note_said(l, dv);\n", [ANSWER]),
    ("the answer is noted only after its commit", LEDGER,
     "    bool noted = ledger_note_said(l, dv);\n" + COMMIT, COMMIT + "    bool noted = ledger_note_said(l, dv);\n", [ANSWER]),
    ("the answer is recorded only after QUIT", LEDGER,
     "    l->recorded = !in_trouble(l, record_once(l, delivery, &j, &err), &err);",
     "    (void)l, (void)delivery, (void)j, (void)err;", [ANSWER]),
    ("the disk is not waited for (synchronous = OFF)", "src/store/sqlite/open.c", "PRAGMA synchronous = EXTRA", "PRAGMA synchronous = OFF", [ANSWER]),
    ("a repeat that is refused counts as refused", JUDGING, "    if (doubtful)\n        keep_in_doubt", "    if (!doubtful && doubtful)\n        keep_in_doubt",
     [JUDGE]),
    ("the playbook's resend goes more than once", JUDGING, "may_go && x->tries == 1", "may_go && x->tries >= 1", [JUDGE]),
    ("a repetition may come after the provider's time", JUDGING,
     "may_go && now + REPEAT_MARGIN_SEC < x->since + x->powers.repeat_sec", "may_go && x->powers.repeat_sec > 0", [JUDGE]),
    ("what was changed since is repeated", JUDGING, "bool may_go = !x->changed && now < x->expires_at;",
     "bool may_go = now < x->expires_at;", [JUDGE]),
    ("a try is planned after the end", JUDGING, "if (now + delay >= a->expires_at) {", "if (now + delay < 0) {", [JUDGE]),
    ("frozen words are made anew while in doubt", SQL,
     "(t.outcome IS NULL OR t.outcome IN ('sent', 'in_doubt')) AND \"", "(t.outcome IS NULL OR t.outcome IN ('sent')) AND \"",
     [ENGINE]),
    ("the database lets every state follow every other", "schema.sql",
     "WHEN NEW.state <> OLD.state AND NOT EXISTS (", "WHEN NEW.state <> OLD.state AND 0 AND NOT EXISTS (", [SCHEMA]),
    ("the lock of the tick is not asked for", "src/dispatch/lock.c", "if (flock(fd, LOCK_EX | LOCK_NB) != 0) {",
     "if (flock(fd, LOCK_SH | LOCK_NB) != 0) {", [TICK, MANY]),
    ("a lock that was removed is not noticed", LEDGER, "if (rc == RC_OK && !lock_is_there(l->lock))",
     "if (rc != RC_OK && !lock_is_there(l->lock))", [MANY]),
    ("a database that was moved is not noticed", LEDGER, "    if (!guard_same_file(l->d, &l->here))",
     "    if (l->d == NULL && !guard_same_file(l->d, &l->here))", [ANSWER]),
    ("redirects are followed", CURL, "CURLOPT_FOLLOWLOCATION, 0L", "CURLOPT_FOLLOWLOCATION, 1L", [HTTP]),
    ("certificates are not verified (SMTP)", CURL, "CURLOPT_SSL_VERIFYPEER, 1L", "CURLOPT_SSL_VERIFYPEER, 0L", [SMTP_TLS]),
    ("certificates are not verified (HTTP)", CURL, "CURLOPT_SSL_VERIFYPEER, 1L", "CURLOPT_SSL_VERIFYPEER, 0L", [HTTP]),
    ("anybody's certificate will do", CURL, "CURLOPT_SSL_VERIFYHOST, 2L", "CURLOPT_SSL_VERIFYHOST, 0L", [SMTP_TLS]),
    ("the environment's proxy is used", CURL, "              curl_easy_setopt(easy, CURLOPT_PROXY, \"\") == CURLE_OK &&\n", "",
     [PROXIES]),
    ("half a letter is ended", CURL, "            cut_off(t);\n", "            (void)cut_off;\n", [TRANSFER]),
    ("what was entered since is not looked for", "src/dispatch/seen.c", "    *ret = !fits;", "    *ret = false && !fits;", [ADOPT]),
    ("another message of the action is taken for the same", "src/dispatch/restore.c",
     "a->stale = a->stale || !str_eq(key, risk->key);", "(void)key, (void)risk;", [SAME]),
    ("the names of before are forgotten", "src/dispatch/since.c", "size_t i = 0; i < here->n_ancestors", "size_t i = 8; i < here->n_ancestors",
     [SAME]),
    ("only the last name of before is told to the log", "src/dispatch/guard.c", "i < here->n_ancestors && rc == RC_OK", "i < 1 && rc == RC_OK", [SAME]),
    ("a configuration that is gone is not noticed", "src/dispatch/guard.c", "            *ret = HOLD_NO_GATEWAY;", "            (void)ret;", [GUARDS]),
    ("an edit drops what is red", "src/service/follow.c", "    if (is_missed_already(item, a, now) ||",
     "    if ((is_missed_already(item, a, now) && now < 0) ||", [CHANGE]),
    ("a question to the gateway is not broken off", "src/gateway/http.c", "if (x->question && delivery_stopping(x->hooks))",
     "if (!x->question && delivery_stopping(x->hooks))", [ASK]),
    ("an older copy is not noticed", "src/dispatch/guard.c", "if (here->seq < log->seq)", "if (here->seq < 0)", [GUARD, RECOVER]),
    ("a copy is not noticed", "src/dispatch/guard.c", "log->inode != here->inode", "log->inode < 0", [GUARD, RECOVER]),
    ("the clock is not looked at", "src/dispatch/guard.c", "        rc = guard_check_clock(d, ret, err);", "        rc = RC_OK;",
     [GUARDS]),
    ("a full disk is not looked at", "src/dispatch/guard.c", "return free_bytes < 0 || free_bytes >= wanted;",
     "return free_bytes <= wanted || free_bytes >= wanted;", [GUARDS]),
    ("a client gets everything on one day", "src/dispatch/turn.c", "had < r->d->config->per_client_per_day", "had < 1000", [GUARDS]),
    ("greetings go before service", SQL, "ORDER BY priority, +expires_at, id LIMIT $2", "ORDER BY -priority, +expires_at, id LIMIT $2",
     [ENGINE]),
    ("a correction waits for the morning whatever they were told", "src/core/decent.c", "return decent < by ? decent : now;",
     "return by ? decent : now;", [CORRECTION]),
    ("what a letter has stated is not noted", LEDGER, "if (rc == RC_OK && msg->told != NULL) {", "if (rc != RC_OK) {", [CORRECTION]),
    ("letters go late at night", "src/dispatch/turn.c", "return a->channel == CHANNEL_SMS || (late && !waited &&",
     "return a->channel == CHANNEL_SMS || (late && waited &&", [OUTAGES]),
    ("a letter waits for a decent hour for ever", "src/dispatch/turn.c", "(late && !waited && a->priority",
     "(late && (waited || !waited) && a->priority", [OUTAGES]),
    ("SIGTERM is not heard", "src/dispatch/run.c", "if (!r->summary->stopped && r->d->stopping != NULL)",
     "if (r->summary->stopped && r->d->stopping != NULL)", [MANY]),
    ("a database that goes on without its log keeps its name", "src/dispatch/restore.c",
     "if (rc == RC_OK && !x->dry && !x->result->by_log)\n            rc = guard_fork", "if (rc == RC_OK && x->dry && !x->result->by_log)\n            rc = guard_fork", [RECOVER]),
    ("a log that begins too late is trusted", "src/dispatch/restore.c", "since.ours && since.reaches && !since.forked", "since.ours", [RECOVER]),
    ("recover does not forget again who was forgotten", "src/dispatch/restore.c",
     "        if (who.certain)\n            rc = d->forget", "        if (who.certain && who.at == 0)\n            rc = d->forget", [FORGET_AGAIN]),
    ("a forgetting that came to nothing erases somebody", "src/dispatch/restore.c", "line->kind == LOG_FORGOT};", "true};",
     [FORGET_AGAIN]),
    ("another card of the same number is forgotten", "src/dispatch/forgotten.c",
     "c.created_at == line->client_created_at && !client", "!client", [FORGET_AGAIN]),
    ("a line about a client is taken for the end of the log", "src/dispatch/sentlog.c",
     "        e->of_clients = true;\n        return;\n", "        e->of_clients = true;\n", [SENTLOG, FORGET_AGAIN]),
    ("recover forgets what the log says was sent", "src/dispatch/since.c",
     "    one->class = line->class;\n", "    (void)line;\n", [RECOVER]),
    ("a list of the morning goes before it is committed that it may have gone", LISTS,
     "    return !in_trouble(e, pass_point_of_no_return(e, &goes, &err), &err) && goes;",
     "    (void)in_trouble, (void)err, (void)pass_point_of_no_return, (void)e;\n    return goes = true;",
     [DIGEST_DEATH, KILL]),
    ("a list that may have gone goes once more", LISTS,
     "    if (e->fate.state != DIGEST_WAITING || e->fate.next_at > now_of(e))",
     "    if (e->fate.state == DIGEST_SENT || e->fate.next_at > now_of(e))", [DIGEST]),
    ("what a dead tick left of a list is taken for not sent", LISTS,
     "    enum rc rc = ledger_ask_log(&r->ledger, fate->seq, &dv, err);",
     "    enum rc rc = RC_OK;\n    dv = (struct delivery){.class = DELIVERY_NOT_SENT};", [DIGEST_DEATH, KILL]),
    ("the lists after an unknown end are tried all the same", LISTS,
     "        dv->class == DELIVERY_IN_DOUBT)\n        send_close", "        dv->class == DELIVERY_SENT + 99)\n        send_close",
     [DIGEST]),
    ("a backup of this day is not asked for", LISTS,
     "    *ret = when.day == e->fate.day && when.minute >= d->config->digest.at;", "    *ret = when.day == e->fate.day && when.minute > 24 * 60;",
     [DIGEST, RECOVER, MANY]),
    ("the sent log does not hear of a list", LISTS,
     "    rc = sentlog_add(&l->log, &line, err);\n    if (rc == RC_OK && !lock", "    if (rc == RC_OK && line.at > 0 && !lock",
     [DIGEST, RECOVER, MANY, DAYS]),
    ("a list goes to who has left meanwhile", LISTS,
     "    *ret = now.active && now.role == then->role && str_eq(now.email, then->email);",
     "    *ret = then->active;", [ON_ITS_WAY]),
]


# ---- one mutant ----

def run(tree, words, log):
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": tree, "TMPDIR": tree + "/tmp",
                   "PPS": tree + "/build/pps", "LC_ALL": "C.UTF-8", "CMOCKA_MESSAGE_OUTPUT": "TAP",
                   "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "halt_on_error=1"}
    return subprocess.run(["timeout", "-k", "5", str(LIMIT_SEC), *words], cwd=tree, env=environment, stdin=subprocess.DEVNULL,
                          stdout=log, stderr=subprocess.STDOUT, check=False).returncode


def words_of(test):
    """What is to be built for a test, and how it is called."""
    kind, rest = test.split(":", 1)
    if kind == "unit":
        return ["build/check/" + rest], ["build/check/" + rest]
    return ["build/pps"], ["bats", rest] if kind == "bats" else ["/usr/bin/python3", "-B", *rest.split()]


def try_mutant(mutant, scratch):
    """None when a test noticed (and which), else what is wrong."""
    name, path, old, new, tests = mutant
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        text = f.read()
    if text.count(old) != 1:
        return None, "its text stands %d times in %s" % (text.count(old), path)
    tree = tempfile.mkdtemp(dir=scratch)
    os.makedirs(tree + "/build")
    os.makedirs(tree + "/tmp")
    subprocess.run(["cp", "-a", *[os.path.join(ROOT, p) for p in KEPT], tree], check=True)
    subprocess.run(["cp", "-a", *[os.path.join(ROOT, "build", p) for p in BUILT], tree + "/build"], check=True)
    with open(os.path.join(tree, path), "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))
    try:
        with open(tree + "/log", "w", encoding="utf-8") as log:
            for test in tests:
                target, words = words_of(test)
                if run(tree, ["make", "-s", *target], log) != 0:
                    return None, "it does not build: %s" % tail(tree)
                if run(tree, words, log) != 0:
                    return test.split(":", 1)[1], None
        return None, "no test noticed it: %s" % ", ".join(t.split(":", 1)[1] for t in tests)
    finally:
        shutil.rmtree(tree)


def tail(tree):
    with open(tree + "/log", encoding="utf-8", errors="replace") as f:
        lines = [line for line in f.read().split("\n") if "error" in line]
    return lines[0] if lines else "?"


KEPT = ["Makefile", "schema.sql", "include", "src", "templates", "tests"]
BUILT = ["pps", "obj", "gen", "check"]  # with their times, so that only what a mutant changes is built again


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if options.only in m[0]]
    if options.list:
        print("\n".join(m[0] for m in chosen))
        return 0
    targets = sorted({t for m in chosen for test in m[4] for t in words_of(test)[0]})
    subprocess.run(["make", "-s", "-C", ROOT, "build/pps", "build/check/libpps.a", *targets], check=True)
    with tempfile.TemporaryDirectory(prefix="pps-mutants-") as scratch:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            failed = 0
            for i, (mutant, (by, wrong)) in enumerate(zip(chosen, pool.map(lambda m: try_mutant(m, scratch), chosen)), 1):
                failed += wrong is not None
                print("%sok %d - noticed: %s" % ("not " if wrong else "", i, mutant[0]))
                print("#   %s" % (wrong or "by " + by), flush=True)
    print("1..%d" % len(chosen))
    print("# %d mutants, %d noticed" % (len(chosen), len(chosen) - failed))
    return 0 if chosen and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
