/* What was mistyped of an answer is put right: grades, words, where and when it came. It stays the same answer, so that
 * whatever went out because of it does not go once more; what follows from the grades is planned anew. Serves pps feedback
 * edit, and its undo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/store_feedback.h>
#include <pps/str.h>

#include "follows.h"
#include "heard.h"

/* Both rows of an answer. */
struct told {
    struct occasion occasion;
    struct feedback feedback;
};

static enum rc answer_load(const struct desk *desk, int64_t id, struct told *ret, struct err *err)
{
    enum rc rc = store_occasion_get(desk->store, id, &ret->occasion, err);
    if (rc != RC_OK)
        return rc;
    rc = store_feedback_get(desk->store, id, &ret->feedback, err);
    return rc != RC_NOTFOUND ? rc : err_set(err, rc, "F%lld is no answer", (long long)id);
}

static void answer_fini(struct told *a)
{
    occasion_fini(&a->occasion);
    feedback_fini(&a->feedback);
}

static enum rc answer_store(const struct desk *desk, const struct told *a, struct err *err)
{
    enum rc rc = store_occasion_update(desk->store, &a->occasion, err);
    return rc == RC_OK ? store_feedback_update(desk->store, &a->feedback, err) : rc;
}

/* ---- what is new: as if the whole answer were typed once more, so that the same rules check it ---- */

enum { GRADE_BYTES = 16 };

static const char *grade_text(int grade, char buf[GRADE_BYTES])
{
    if (grade == NO_GRADE)
        return NULL;
    (void)snprintf(buf, GRADE_BYTES, "%d", grade);
    return buf;
}

static const char *or_else(const char *typed, const char *was)
{
    return typed != NULL ? typed : was;
}

static enum rc read_again(const struct desk *desk, const struct told *was,
                          const struct feedback_entry *typed, struct answer_draft *ret,
                          struct err *err)
{
    char csat[GRADE_BYTES], nps[GRADE_BYTES], at[CIVIL_TEXT_BYTES];
    civil_format(was->occasion.when[ANCHOR_ANSWERED], at);
    const struct feedback_entry entry = {
        .csat = or_else(typed->csat, grade_text(was->feedback.csat, csat)),
        .nps = or_else(typed->nps, grade_text(was->feedback.nps, nps)),
        .plus = or_else(typed->plus, was->feedback.plus),
        .words = or_else(typed->words, was->feedback.words),
        .source = or_else(typed->source, was->feedback.source),
        .at = or_else(typed->at, at),
    };
    return answer_read(desk, &entry, ret, err);
}

/* The draft keeps what was there before. */
static void take_draft(struct told *io, struct answer_draft *draft)
{
    struct feedback was = io->feedback;
    io->feedback = draft->feedback;
    io->feedback.occasion_id = was.occasion_id;
    io->feedback.external_id = was.external_id;
    was.external_id = NULL;
    draft->feedback = was;
    io->occasion.when[ANCHOR_ANSWERED] = draft->answered;
    free(io->occasion.title);
    io->occasion.title = answer_title(&io->feedback);
}

static bool same_answer(const struct told *a, const struct told *b)
{
    const struct feedback *f = &a->feedback, *g = &b->feedback;
    return occasion_equal(&a->occasion, &b->occasion) && f->csat == g->csat && f->nps == g->nps &&
           str_eq(f->plus, g->plus) && str_eq(f->words, g->words) && str_eq(f->source, g->source);
}

/* ---- the line in the log ---- */

static void add_grade(struct json *detail, const char *key, int grade)
{
    if (grade == NO_GRADE)
        json_add_null(detail, key);
    else
        json_add_int(detail, key, grade);
}

/* "CSAT 2, NPS 3 -> CSAT 5, NPS 9" for people; then what undo gives back. */
static char *change_text(const struct told *was, const struct told *is)
{
    const char *a = str_or(was->occasion.title, "no grade");
    const char *b = str_or(is->occasion.title, "no grade");
    char at[CIVIL_TEXT_BYTES];
    struct json *detail = json_new_object();
    char *words =
        str_eq(a, b) ? xstrdup("other words, source or time") : xasprintf("%s -> %s", a, b);
    civil_format(was->occasion.when[ANCHOR_ANSWERED], at);
    json_add_string(detail, "words", words);
    add_grade(detail, "csat", was->feedback.csat);
    add_grade(detail, "nps", was->feedback.nps);
    json_add_string(detail, "plus", was->feedback.plus);
    json_add_string(detail, "said", was->feedback.words);
    json_add_string(detail, "source", was->feedback.source);
    json_add_string(detail, "answered", at);
    char *text = json_print(detail, false);
    json_free(detail);
    free(words);
    return text;
}

/* ---- written ---- */

static enum rc write_change(const struct desk *desk, const struct told *was, const struct told *is,
                            struct err *err)
{
    char *detail = change_text(was, is);
    enum rc rc = answer_store(desk, is, err);
    if (rc == RC_OK)
        rc = audit(desk, "feedback-edit", is->occasion.client_id, is->occasion.id, 0, detail, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, is->occasion.client_id, NULL, NULL, err);
    free(detail);
    return rc;
}

static enum rc look(const struct desk *desk, int64_t id, const struct before *before,
                    struct feedback_result *ret, struct err *err)
{
    enum rc rc = store_occasion_file(desk->store, id, &ret->file, err);
    if (rc == RC_OK)
        rc = store_feedback_get(desk->store, id, &ret->feedback, err);
    if (rc == RC_OK)
        rc = follows_of_client(desk, ret->file.client.id, before, &ret->follows, err);
    return rc;
}

/* What changes nothing is nothing: no line in the log, nothing is planned anew. */
static enum rc edit(const struct desk *desk, int64_t id, const struct feedback_entry *entry,
                    struct feedback_result *ret, struct err *err)
{
    struct told was = {0}, is = {0};
    struct answer_draft draft = {0};
    struct before before = {0};
    enum rc rc = answer_load(desk, id, &was, err);
    if (rc == RC_OK && was.occasion.ended)
        rc = say_ended(&was.occasion, err);
    if (rc == RC_OK)
        rc = answer_load(desk, id, &is, err);
    if (rc == RC_OK)
        rc = before_of_client(desk, was.occasion.client_id, &before, err);
    if (rc == RC_OK)
        rc = read_again(desk, &was, entry, &draft, err);
    if (rc == RC_OK)
        take_draft(&is, &draft);
    if (rc == RC_OK && !same_answer(&was, &is))
        rc = write_change(desk, &was, &is, err);
    if (rc == RC_OK)
        rc = look(desk, id, &before, ret, err);
    answer_draft_fini(&draft);
    before_fini(&before);
    answer_fini(&was);
    answer_fini(&is);
    return rc;
}

enum rc service_feedback_edit(const struct desk *desk, int64_t occasion_id,
                              const struct feedback_entry *entry, struct feedback_result *ret,
                              struct err *err)
{
    struct feedback_result result = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, edit(desk, occasion_id, entry, &result, err), err);
    if (rc != RC_OK)
        feedback_result_fini(&result);
    else
        *ret = result;
    return rc;
}

/* ---- undo ---- */

static int grade_of(const struct json *root, const char *key)
{
    int64_t n;
    const struct json *v = json_get(root, key);
    return v != NULL && json_int(v, &n) ? (int)n : NO_GRADE;
}

static void put(char **io, const struct json *root, const char *key)
{
    free(*io);
    *io = xstrdup(json_string(json_get(root, key)));
}

static enum rc give_back(const struct json *root, struct told *io, struct err *err)
{
    struct feedback *f = &io->feedback;
    const char *at = str_or(json_string(json_get(root, "answered")), "");
    f->csat = grade_of(root, "csat");
    f->nps = grade_of(root, "nps");
    put(&f->plus, root, "plus");
    put(&f->words, root, "said");
    put(&f->source, root, "source");
    free(io->occasion.title);
    io->occasion.title = answer_title(f);
    return civil_parse(at, CIVIL_NONE, &io->occasion.when[ANCHOR_ANSWERED], err);
}

enum rc undo_feedback_edit(const struct desk *desk, const struct audit_entry *entry,
                           const struct json *root, char **ret_what, struct err *err)
{
    struct told a = {0};
    enum rc rc = answer_load(desk, entry->occasion_id, &a, err);
    if (rc == RC_OK && a.occasion.ended)
        rc = say_ended(&a.occasion, err);
    if (rc == RC_OK)
        rc = give_back(root, &a, err);
    if (rc == RC_OK)
        rc = answer_store(desk, &a, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, a.occasion.client_id, NULL, NULL, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("the change of F%lld is taken back: what follows from it was "
                              "planned anew",
                              (long long)a.occasion.id);
    answer_fini(&a);
    return rc;
}
