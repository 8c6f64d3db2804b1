/* What stands on a client's card beside the first lines and the trips, and how a thing is called. Serves show, done,
 * gift, fact and mark. */
#ifndef PPS_CLI_CARD_H
#define PPS_CLI_CARD_H

#include <pps/things.h>

#include "app.h"

/* `G7 album "Анталья"`. New string. */
char *thing_line(const struct thing *thing);
/* "ready since 20.12.2026", "handed over 23.12.2026", "to be prepared" … New string. */
char *thing_state(struct app *app, const struct thing *thing);
/* With the login of its owner, which a thing does not know. */
struct json *show_thing(struct app *app, struct json *parent, const char *key,
                        const struct thing *thing);

/* All of one thing: whom it is for, at which visit it is given, how far it is, what it costs. */
void say_gift(struct app *app, const struct thing_row *row);
void gift_json(struct app *app, struct json *root, const struct thing_row *row);

/* "promising, loyal"; "none". New string. */
char *marks_line(unsigned marks);

/* The card in the order in which it is read: card_head stands below the client's own lines, card_tail below the trips. */
struct card { /* borrowed */
    const struct client *client;
    const struct known *known;
};
void card_head(struct app *app, const struct card *card);
void card_tail(struct app *app, const struct card *card);
void card_json(struct app *app, struct json *root, const struct card *card);

/* After a visit: what waits to be handed over. Nothing when there is nothing, or when the client did not come. */
void say_to_hand_over(struct app *app, const struct action *action);
void to_hand_over_json(struct app *app, struct json *root, const struct action *action);

#endif
