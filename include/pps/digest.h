/* The list of the morning as a letter to a colleague. Its words are templates as those of clients' letters are:
 *   digests/<lang>/manager.md    what somebody has to do today, and what is red of theirs
 *   digests/<lang>/director.md   everything red, and whether the program runs
 * It is a service to people of the agency: no client gets one, and nothing in it is a link. */
#ifndef PPS_DIGEST_H
#define PPS_DIGEST_H

#include <pps/heed.h>
#include <pps/message.h>

/* What the list is made of; each is a section of the template, of this name. */
enum digest_section {
    DIGEST_TODAY,      /* today: calls, visits, tasks, and what waits for their word */
    DIGEST_TO_PREPARE, /* to_prepare: things for the visits of these days */
    DIGEST_DOUBTS,     /* in_doubt */
    DIGEST_HELD,       /* held */
    DIGEST_NOBODYS,    /* nobodys: work that is nobody's */
    DIGEST_LATE,       /* late: everything else that is red */
    DIGEST_THINGS,     /* things: not ready for the visit, or not handed over at it */
    DIGEST_DOCUMENTS,  /* documents: their letter goes without them */
    DIGEST_SECTIONS
};

struct digest_line {
    char id[ID_TEXT_BYTES]; /* "A4" "G7" "D3" */
    char *what;             /* the step's title; of a thing its own; the name of a file */
    char *client, *phone, *about, *manager; /* NULL: none */
    struct civil when; /* due; of a thing the visit; day CIVIL_NONE: not said */
    int days_late;
    enum cause cause;   /* of the reason, as in an action */
    char *why, *reason; /* what the program says of it; what was said of it before */
    char *also;         /* of a call: for whom it is made besides */
    struct heed heed;   /* of a call or visit: what to know of the client first */
    enum channel channel;
    enum action_state state; /* of an action */
    bool red;
    bool
        unanswered; /* of a complaint: the day that was promised is past, and nobody has told them */
    bool waits_for_word; /* it goes when a person has allowed it */
    bool ready;          /* of a thing */
};
struct digest_lines {
    struct digest_line *v;
    size_t n, cap;
};

struct digest {
    bool director;
    struct civil now; /* in the agency's zone */
    struct digest_lines sections[DIGEST_SECTIONS];
    struct civil last_tick; /* before this one; day CIVIL_NONE: it never ran */
    bool stale;             /* longer ago than it may be */
    char *down[2];          /* why e-mail and SMS did not go out then; NULL: they did */
    char *playbook;         /* a director's: what is wrong with it; NULL: nothing */
};
void digest_fini(struct digest *digest);
/* Whether there is anything in it; a director's list says that there is nothing, and goes all the same. */
bool digest_is_empty(const struct digest *digest);

struct digest_input {
    const struct config *config;
    const struct staff *colleague; /* with an e-mail address */
    const struct digest *digest;
    const char *templates_dir; /* NULL: only the built-in ones */
};
/* In the agency's language. Errors as in <pps/message.h>. */
enum rc message_render_digest(const struct digest_input *in, const struct mail_identity *identity,
                              struct rendered *ret, struct err *err) MUST_CHECK;

#endif
