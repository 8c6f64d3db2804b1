/* pps note: something worth remembering in the log, and "they have answered: a person takes over". */
#include <pps/str.h>
#include <pps/views.h>

#include "wishes.h"

static const struct option options[] = {
    {"replied", NULL, "they have answered, and you take over: marketing pauses for 7 days"},
};

static void answer_json(struct app *app, const struct pause_outcome *o, const char *words)
{
    struct json *root = view_document("note", 1);
    view_client(root, "client", &o->client, app->zone);
    view_id(root, "occasion", 'T', o->occasion_id);
    view_id(root, "action", 'A', o->action_id);
    json_add_string(root, "note", words);
    kept_json(root, "waiting", &o->waiting);
    struct json *ended = json_add_array(root, "ended");
    for (size_t i = 0; i < o->ended.n; i++) {
        char id[ID_TEXT_BYTES];
        id_format('L', o->ended.v[i], id);
        json_add_string(ended, NULL, id);
    }
    show_json(app, root);
}

static void say_replied(struct app *app, const struct pause_outcome *o)
{
    char until[CIVIL_TEXT_BYTES], n[COUNT_WORDS_BYTES];
    long long id = (long long)o->client.id;
    civil_format_people(o->client.paused_until, until);
    say(app, "marketing is paused until %s; what is about their trips still goes\n", until);
    say(app, "waiting until then: %s\n", kept_words(&o->waiting, n));
    for (size_t i = 0; i < o->ended.n; i++)
        say(app, "L%lld: they have answered, and the letters end\n", (long long)o->ended.v[i]);
    say(app, "pps resume C%lld ends the pause, pps undo C%lld takes it back\n", id, id);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct pause_outcome o;
    bool replied = arg_given(args, "replied");
    enum rc rc = service_note(&app->desk, args->words[0], args->words[1], replied, &o, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        answer_json(app, &o, args->words[1]);
    } else {
        say(app, "C%lld %s: noted (pps log C%lld shows it)\n", (long long)o.client.id,
            o.client.name, (long long)o.client.id);
        if (replied)
            say_replied(app, &o);
    }
    pause_outcome_fini(&o);
    return RC_OK;
}

const struct command cmd_note = {
    .name = "note",
    .group = "What clients want",
    .summary = "put a note into the log; with --replied a person takes over",
    .usage = "CLIENT|TRIP|ACTION WORDS [--replied]",
    .details = "With --replied marketing pauses for 7 days, so that no letter talks over your "
               "conversation, and\nthe letters about a lost sale end.",
    .examples = "  pps note C12 \"просит звонить после шести\"\n"
                "  pps note T34 \"ждёт ваучер на трансфер\"\n"
                "  pps note C12 \"ответила на письмо, перезвоню завтра\" --replied",
    OPTIONS(options),
    .min_words = 2,
    .max_words = 2,
    .needs = NEEDS_WRITING,
    .run = run,
};
