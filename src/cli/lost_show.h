/* How lost sales and referrals are shown, wherever they appear. */
#ifndef PPS_CLI_LOST_SHOW_H
#define PPS_CLI_LOST_SHOW_H

#include <pps/lost_sales.h>
#include <pps/referrals.h>

#include "app.h"

/* ---- lost_show.c ---- */
/* Below the first line of a lost sale: why, by whom, and how it ended. Nothing for other occasions. */
void show_loss(struct app *app, const struct occasion *occasion);
/* The same as a member "loss" of a document. */
void loss_document(struct app *app, struct json *root, const struct occasion *occasion);
/* "won back: L35", after a sale; the last `late` of them had ended before. */
void show_won_back(struct app *app, const struct id_list *ids, size_t late);
void won_back_document(struct json *root, const struct id_list *ids);

/* ---- lost_tables.c: the lists of pps lost ---- */
void show_lost_list(struct app *app, const struct lost_list *list);
void show_lost_figures(struct app *app, const struct lost_list *list);

/* ---- referral_show.c ---- */
/* On the card: who brought them, whom they brought, and what is owed for it. */
void show_referrals(struct app *app, int64_t client_id);
/* The same as members "brought_by" and "brought" of a document. */
void referrals_document(struct app *app, struct json *root, int64_t client_id);
struct json *view_referral(struct app *app, struct json *parent, const char *key,
                           const struct referral_row *row);
/* "R5 C3 Мария brought C9 Иван: скидка 5 %, still to be given". New string. */
char *referral_line(struct app *app, const struct referral_row *row);

#endif
